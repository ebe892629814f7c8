/* Door cards as a PDF: 20,000 A6 cards with a QR each, as a village prints them in one go. Prints one JSON object. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "files/card_out.h"

enum { CARDS = 20000 };

static dw_err bench_make(const char *path, struct err_detail *detail)
{
    static const char *const keepers[] = {"林志强", "陈秀英", "欧阳如意", "买买提·吐尔逊", "黄建国"};
    struct card_out *out;
    struct when when = {1649374200000, 480};
    ERR_TRY(card_out_open(&out, path, CARD_A6, ERR_ZH, when, detail));
    for (int i = 0; i < CARDS; i++) {
        char code[32], address[128], phone[16], url[160];
        int building = i / 12, room = 100 * (1 + i % 12 / 2) + 1 + i % 2;
        snprintf(code, sizeof code, "%d-%d-%d·%d", 1 + building % 9, 1 + building / 9 % 12, 1 + building / 108, room);
        snprintf(address, sizeof address, "福建省晋江市仿真村东明巷%d号%d室", 1 + building, room);
        snprintf(phone, sizeof phone, "138%08d", building * 7919 % 100000000);
        snprintf(url, sizeof url, "https://doors.example.org/d#v1.%08x%08x.Zk3vQ9sT2mYp4aLx7RbW0cHf6NeJ1dKu",
                 (unsigned)i * 2654435761u, (unsigned)i * 40503u);
        struct card card = {.code = code,
                            .address = address,
                            .keeper = keepers[building % 5],
                            .keeper_phone = phone,
                            .hotline = "0595-85550110",
                            .site = "仿真村",
                            .heads = i % 7,
                            .url = url,
                            .version = 1,
                            .issued = "2022-04-08"};
        dw_err err = card_out_put(out, &card, detail);
        if (err != DW_OK) {
            card_out_abort(out);
            return err;
        }
    }
    return card_out_close(out, detail);
}

int main(void)
{
    char folder[] = "/tmp/dw_cards_XXXXXX", path[64], line[512];
    struct err_detail detail = {0};
    struct rusage use;
    struct stat st;
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(path, sizeof path, "%s/cards.pdf", folder);
    uint64_t begin = clock_ns();
    dw_err err = bench_make(path, &detail);
    double seconds = (double)(clock_ns() - begin) / 1e9;
    if (err != DW_OK || stat(path, &st) != 0 || getrusage(RUSAGE_SELF, &use) != 0) {
        err_format(line, sizeof line, err, &detail, ERR_EN);
        fprintf(stderr, "%s\n", line);
        rmdir(folder);
        return 1;
    }
    printf("{\"cards\":%d,\"seconds\":%.2f,\"cards_per_s\":%.0f,\"peak_rss_mib\":%.1f,\"bytes\":%lld}\n", CARDS, seconds,
           CARDS / seconds, (double)use.ru_maxrss / 1024, (long long)st.st_size);
    unlink(path);
    rmdir(folder);
    return 0;
}
