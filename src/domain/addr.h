/* Chinese addresses taken into parts: 东片12号3楼301, 东明巷二号宏亭2号公寓A栋, 桂华苑1栋2单元, 2栋1梯, 阳光路1168-10号. */
#ifndef DOMAIN_ADDR_H
#define DOMAIN_ADDR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { ADDR_PART = 96, ADDR_KEY = 512 };

struct addr {
    char region[ADDR_PART];   /* province to village as written, "" mostly */
    char lane[ADDR_PART];     /* 东明巷, 阳光路, 东片, 第二区 (numerals as Arabic digits) */
    char number[ADDR_PART];   /* 12, 1168-10: of 号 after a lane */
    char compound[ADDR_PART]; /* 宏亭2号公寓, 桂华苑 */
    char block[ADDR_PART];    /* A, 2: of 栋, 幢, 座, 号楼 */
    char unit[ADDR_PART];     /* of 单元, 梯 */
    char floor[ADDR_PART];    /* of 楼, 层; "B1" for 地下一层 */
    char room[ADDR_PART];     /* 301, 店面1: of 室, 房, 号房, or bare digits at the end */
    char rest[ADDR_PART];     /* what was not understood */
};

/* Chinese numerals (一 to 九百九十九, 〇, 两) become digits where they number something, traditional characters simplified,
 * capitals. The region ends before the first digit; the lane is everything up to its last word (东区一巷). 东片12 and 东片12-301
 * are a house and a room, 桂华苑3-2-501 block, unit and room. What stands in brackets and what is not understood goes to rest;
 * parts are cut at their size. False only when text is NULL, no UTF-8 or longer than ADDR_KEY. O(len). */
bool addr_read(struct addr *out, const char *text);
/* The same building written in other ways gives the same key: lane, number, compound and block, folded; "" when there is
 * nothing that names a building (a lane alone does not). And the room inside it: unit, floor, room (3楼301, 3楼1室 and 3-301 are
 * 301). */
void addr_building_key(char out[ADDR_KEY], const struct addr *addr);
void addr_room_key(char out[ADDR_KEY], const struct addr *addr);
/* The room key of parts that a list holds in columns of their own: floor "3" or "3楼", room "301" or "3楼301室". */
void addr_room(char out[ADDR_KEY], const char *unit, const char *floor, const char *room);

#endif
