/*
 * press.h: pages, fonts and texts under the documents. Exports struct receipt_press, struct sheet
 * and its drawing functions. Private to this room.
 */
#ifndef FENQI_DOCUMENT_PRESS_H
#define FENQI_DOCUMENT_PRESS_H

#include "base/builder.h"
#include "codec/qr.h"
#include "document/receipt.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

struct receipt_press {
    FcConfig *fonts;
    PangoFontMap *map;
    PangoContext *context;
};

/* A4 in points, and the part that is used. */
#define SHEET_WIDTH 595.28
#define SHEET_HEIGHT 841.89
#define SHEET_LEFT 48.0
#define SHEET_RIGHT (SHEET_WIDTH - 48.0)
#define SHEET_BOTTOM (SHEET_HEIGHT - 56.0)

/* A document being drawn; `y` is where the next thing goes. */
struct sheet {
    struct receipt_press *press;
    struct arena *arena;
    struct builder pdf;
    cairo_surface_t *surface;
    cairo_t *cairo;
    int page;
    double y;
};

enum weight { WEIGHT_REGULAR, WEIGHT_BOLD };
enum align { ALIGN_LEFT, ALIGN_RIGHT };

struct style {
    double size;
    enum weight weight;
    enum align align;
    double grey; /* 0 black, 1 white */
};

/* Starts a PDF whose creation date is `created`. */
void sheet_start(struct sheet *sheet, struct receipt_press *press, struct arena *arena,
    const char *title, struct instant created);

/* Ends the page and starts another. */
void sheet_turn(struct sheet *sheet);

/* The finished bytes; STATUS_IO when cairo failed anywhere on the way. */
enum status sheet_finish(struct sheet *sheet, struct bytes *out, struct fault *fault);

/* Writes `text` wrapped into `width` at x, y; returns the height that it takes. */
double sheet_text(
    struct sheet *sheet, double x, double y, double width, struct style style, const char *text);

/* The height that sheet_text() would take. */
double sheet_text_height(struct sheet *sheet, double width, struct style style, const char *text);

/* A horizontal hairline over the used width. */
void sheet_line(struct sheet *sheet, double y, double grey);

/* A QR code with its quiet zone as vector rectangles, `side` points square. */
void sheet_qr(struct sheet *sheet, double x, double y, double side, const struct qr_code *code);

/* Makes the area a link. */
void sheet_link(
    struct sheet *sheet, double x, double y, double width, double height, const char *url);

#endif
