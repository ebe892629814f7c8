/* Whether a workbook just written is whole. The library that writes it does not look at what its temporary files answer, so a
 * disk that fills while it works can leave a workbook that opens and lacks rows. */
#ifndef FILES_XLSX_WHOLE_H
#define FILES_XLSX_WHOLE_H

#include <stdbool.h>

/* Every part of the package ends with the tag that it began with. O(size unpacked). */
bool xlsx_whole(const char *path);

#endif
