/* Administrative area codes of identity numbers (GB/T 2260) with the years they were in use, from spec/area_codes.csv. */
#ifndef DOMAIN_AREACODE_H
#define DOMAIN_AREACODE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether six digits were a place that could register somebody born in birth_year: it was in use in that year or in any later
 * one (people are registered after their birth). A prefecture stands in the table with all its counties or with none, and then
 * decides for them; of a province without prefectures (810000) only its own code is right. False for anything but six digits
 * first. O(log n). */
bool areacode_valid(const char *digits6, int birth_year);
/* Name of the place, or of the nearest level above that is known; NULL when even the province is unknown. Static. O(log n). */
const char *areacode_name(const char *digits6);

#endif
