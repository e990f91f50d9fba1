/* press.c: pages and texts over cairo and pango. Exports what press.h and the press of receipt.h
 * declare. */
#include "document/press.h"

#include "base/check.h"

#include <pango/pangofc-fontmap.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef FENQI_FONT_FOLDER
#define FENQI_FONT_FOLDER "share/fenqi/fonts"
#endif

#if defined(__SANITIZE_ADDRESS__)
/*
 * Read by the leak checker. fontconfig keeps its caches until the process ends, and cairo 1.16
 * loses 384 bytes for each embedded font of a PDF; both are theirs, measured, and not ours to free.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig.so\nleak:libcairo.so\n";
}
#endif

static void press_cleanup(struct receipt_press **press) {
    receipt_press_close(*press);
}

static enum status add_font(
    struct receipt_press *press, const char *folder, const char *name, struct fault *fault) {
    FENQI_ARENA arena = arena_create(1024);
    const char *path = arena_printf(arena, "%s/%s", folder, name);
    if (access(path, R_OK) != 0 || !FcConfigAppFontAddFile(press->fonts, (const FcChar8 *)path))
        return fault_set(fault, STATUS_IO, "font %s cannot be read", path);
    return STATUS_OK;
}

enum status receipt_press_open(
    struct receipt_press **out, const char *font_folder, struct fault *fault) {
    __attribute__((cleanup(press_cleanup))) struct receipt_press *press = calloc(1, sizeof *press);
    const char *folder = font_folder != NULL ? font_folder : getenv("FENQI_FONTS");
    check(press != NULL);
    if (folder == NULL)
        folder = FENQI_FONT_FOLDER;
    /* A configuration of our own: no file of the machine, no font of the machine. */
    press->fonts = FcConfigCreate();
    check(press->fonts != NULL);
    enum status status = add_font(press, folder, "FenqiSans-Regular.otf", fault);
    if (status == STATUS_OK)
        status = add_font(press, folder, "FenqiSans-Bold.otf", fault);
    if (status != STATUS_OK)
        return status;
    press->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    check(press->map != NULL);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(press->map), press->fonts);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(press->map), 72);
    press->context = pango_font_map_create_context(press->map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(press->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(press->context, pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(press->context, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(press->context, FALSE);
    *out = press;
    press = NULL;
    return STATUS_OK;
}

void receipt_press_close(struct receipt_press *press) {
    if (press == NULL)
        return;
    if (press->context != NULL)
        g_object_unref(press->context);
    if (press->map != NULL)
        g_object_unref(press->map);
    if (press->fonts != NULL)
        FcConfigDestroy(press->fonts);
    free(press);
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned length) {
    builder_add_n(closure, (const char *)data, length);
    return CAIRO_STATUS_SUCCESS;
}

void sheet_start(struct sheet *sheet, struct receipt_press *press, struct arena *arena,
    const char *title, struct instant created) {
    char day[DAY_TEXT_SIZE];
    int32_t second = instant_second_of_day(created, ZONE_SHANGHAI);
    *sheet = (struct sheet){.press = press, .arena = arena, .page = 1};
    sheet->pdf = builder_start(arena, 65536);
    sheet->surface =
        cairo_pdf_surface_create_for_stream(append, &sheet->pdf, SHEET_WIDTH, SHEET_HEIGHT);
    cairo_pdf_surface_restrict_to_version(sheet->surface, CAIRO_PDF_VERSION_1_5);
    day_to_text(instant_to_day(created, ZONE_SHANGHAI), day);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE,
        arena_printf(
            arena, "%sT%02d:%02d:%02d+08:00", day, second / 3600, second / 60 % 60, second % 60));
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATOR, "Fenqi");
    sheet->cairo = cairo_create(sheet->surface);
}

void sheet_turn(struct sheet *sheet) {
    cairo_show_page(sheet->cairo);
    sheet->page++;
    sheet->y = SHEET_LEFT;
}

enum status sheet_finish(struct sheet *sheet, struct bytes *out, struct fault *fault) {
    cairo_show_page(sheet->cairo);
    cairo_status_t drawn = cairo_status(sheet->cairo);
    cairo_destroy(sheet->cairo);
    cairo_surface_finish(sheet->surface);
    cairo_status_t written = cairo_surface_status(sheet->surface);
    cairo_surface_destroy(sheet->surface);
    cairo_status_t failed = drawn != CAIRO_STATUS_SUCCESS ? drawn : written;
    if (failed != CAIRO_STATUS_SUCCESS)
        return fault_set(fault, STATUS_IO, "drawing: %s", cairo_status_to_string(failed));
    *out = builder_bytes(&sheet->pdf);
    return STATUS_OK;
}

/* The caller unrefs. */
static PangoLayout *lay_out(
    struct sheet *sheet, double width, struct style style, const char *text) {
    PangoLayout *layout = pango_layout_new(sheet->press->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, "FenqiSans");
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    pango_font_description_set_weight(
        font, style.weight == WEIGHT_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(
        layout, style.align == ALIGN_RIGHT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static double layout_height(PangoLayout *layout) {
    int height = 0;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

double sheet_text_height(struct sheet *sheet, double width, struct style style, const char *text) {
    PangoLayout *layout = lay_out(sheet, width, style, text);
    double height = layout_height(layout);
    g_object_unref(layout);
    return height;
}

double sheet_text(
    struct sheet *sheet, double x, double y, double width, struct style style, const char *text) {
    PangoLayout *layout = lay_out(sheet, width, style, text);
    double height = layout_height(layout);
    cairo_set_source_rgb(sheet->cairo, style.grey, style.grey, style.grey);
    cairo_move_to(sheet->cairo, x, y);
    pango_cairo_show_layout(sheet->cairo, layout);
    g_object_unref(layout);
    return height;
}

void sheet_line(struct sheet *sheet, double y, double grey) {
    cairo_set_source_rgb(sheet->cairo, grey, grey, grey);
    cairo_set_line_width(sheet->cairo, 0.6);
    cairo_move_to(sheet->cairo, SHEET_LEFT, y);
    cairo_line_to(sheet->cairo, SHEET_RIGHT, y);
    cairo_stroke(sheet->cairo);
}

void sheet_qr(struct sheet *sheet, double x, double y, double side, const struct qr_code *code) {
    double module = side / (double)(code->width + 2 * QR_QUIET_ZONE);
    cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
    for (size_t row = 0; row < code->width; row++) {
        for (size_t column = 0; column < code->width;) {
            size_t end = column;
            while (end < code->width && code->black[row * code->width + end])
                end++;
            if (end > column)
                cairo_rectangle(sheet->cairo, x + (double)(column + QR_QUIET_ZONE) * module,
                    y + (double)(row + QR_QUIET_ZONE) * module, (double)(end - column) * module,
                    module);
            column = end + 1;
        }
    }
    cairo_fill(sheet->cairo);
}

void sheet_link(
    struct sheet *sheet, double x, double y, double width, double height, const char *url) {
    /* Attribute values stand between quotes; an address with one gets no link. */
    if (strpbrk(url, "'\\") != NULL)
        return;
    cairo_tag_begin(sheet->cairo, CAIRO_TAG_LINK,
        arena_printf(
            sheet->arena, "rect=[%.2f %.2f %.2f %.2f] uri='%s'", x, y, width, height, url));
    cairo_tag_end(sheet->cairo, CAIRO_TAG_LINK);
}
