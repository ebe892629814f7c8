#include "files/page_file.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <string.h>

static cairo_status_t page_file_write(void *ctx, const unsigned char *data, unsigned int len)
{
    struct page_file *page = ctx;
    if (page->code == 0 && fwrite(data, 1, len, page->file) != len) page->code = errno == 0 ? EIO : errno;
    return page->code == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

dw_err page_file_state(struct page_file *page, struct err_detail *detail)
{
    if (page->code != 0) return beside_fail(&page->beside, page->code, detail);
    cairo_status_t status = cairo_status(page->cr);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(page->surface);
    if (status == CAIRO_STATUS_SUCCESS) return DW_OK;
    return status == CAIRO_STATUS_NO_MEMORY ? DW_E_MEMORY : err_set(detail, DW_E_IO, "%s", cairo_status_to_string(status));
}

dw_err page_file_open(struct page_file *page, const char *path, double w, double h, const char *title, struct when when,
                      struct err_detail *detail)
{
    char full[WHEN_TEXT], made[WHEN_TEXT];
    ERR_TRY(beside_make(&page->beside, path, detail));
    page->file = beside_open(&page->beside);
    if (page->file == NULL) return beside_fail(&page->beside, errno, detail);
    page->surface = cairo_pdf_surface_create_for_stream(page_file_write, page, w * PAGE_MM, h * PAGE_MM);
    page->cr = cairo_create(page->surface);
    when_text(full, when);
    snprintf(made, sizeof made, "%.19s%s", full, full + strlen("2022-04-08T07:30:00.000")); /* cairo knows no milliseconds */
    cairo_pdf_surface_set_metadata(page->surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
    cairo_pdf_surface_set_metadata(page->surface, CAIRO_PDF_METADATA_TITLE, title);
    ERR_TRY(page_file_state(page, detail));
    return page_text_open(&page->text, page->cr, detail);
}

dw_err page_file_keep(struct page_file *page, struct err_detail *detail)
{
    cairo_surface_finish(page->surface);
    if (page->code == 0 && cairo_surface_status(page->surface) == CAIRO_STATUS_SUCCESS && fflush(page->file) != 0)
        page->code = errno;
    FILE *file = page->file;
    if (page->beside.part != NULL) {
        page->file = NULL;
        if (fclose(file) != 0 && page->code == 0) page->code = errno;
    }
    if (page->code != 0) return beside_fail(&page->beside, page->code, detail);
    cairo_status_t status = cairo_surface_status(page->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return status == CAIRO_STATUS_NO_MEMORY ? DW_E_MEMORY : beside_fail(&page->beside, 0, detail);
    return beside_keep(&page->beside, detail);
}

void page_file_free(struct page_file *page)
{
    if (page->code == 0) page->code = ECANCELED; /* what cairo still writes is for nobody */
    page_text_free(page->text);
    if (page->cr != NULL) cairo_destroy(page->cr);
    if (page->surface != NULL) cairo_surface_destroy(page->surface);
    if (page->file != NULL && page->beside.part != NULL) fclose(page->file);
    beside_free(&page->beside);
    memset(page, 0, sizeof *page);
}
