#include "files/fonts.h"

#include <fontconfig/fontconfig.h>
#include <stddef.h>

const char *const fonts_paper[FONTS_PAPER] = {"WenQuanYi Micro Hei", "Noto Sans CJK SC"};

bool fonts_installed(const char *family)
{
    bool found = false;
    FcPattern *pattern = FcPatternCreate();
    FcObjectSet *objects = FcObjectSetBuild(FC_FAMILY, (char *)0);
    if (pattern != NULL && objects != NULL && FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family)) {
        FcFontSet *set = FcFontList(NULL, pattern, objects);
        found = set != NULL && set->nfont > 0;
        if (set != NULL) FcFontSetDestroy(set);
    }
    if (objects != NULL) FcObjectSetDestroy(objects);
    if (pattern != NULL) FcPatternDestroy(pattern);
    return found;
}
