/*
 * qr.h: QR codes over libqrencode. Exports: struct qr_code, qr_encode(), qr_svg().
 *
 * The server draws them, as a picture on a page (SVG) or as rectangles in a PDF, so that the
 * browser needs no library for it.
 */
#ifndef FENQI_CODEC_QR_H
#define FENQI_CODEC_QR_H

#include "base/arena.h"

/* Error correction level M: readable with 15 % of it damaged. */
struct qr_code {
    size_t width;         /* modules a side, without the quiet zone */
    const uint8_t *black; /* width × width, row by row, 1 is black */
};

enum { QR_TEXT_MAX = 500, QR_QUIET_ZONE = 4 };

/* False when the text is empty or longer than QR_TEXT_MAX bytes. Lives in the arena. */
bool qr_encode(struct arena *arena, const char *text, struct qr_code *out);

/*
 * A standalone SVG document of the code with its quiet zone, black on white whatever the page's
 * colours are, one unit a module, and `label` (plain text) as its accessible name.
 */
char *qr_svg(struct arena *arena, const struct qr_code *code, const char *label);

#endif
