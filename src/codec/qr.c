/* qr.c: QR codes over libqrencode. Exports what qr.h declares. */
#include "codec/qr.h"

#include "base/builder.h"
#include "base/check.h"

#include <qrencode.h>
#include <string.h>

bool qr_encode(struct arena *arena, const char *text, struct qr_code *out) {
    size_t length = strlen(text);
    if (length == 0 || length > QR_TEXT_MAX)
        return false;
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    check(code != NULL && code->width > 0);
    size_t width = (size_t)code->width;
    uint8_t *black = arena_allocate(arena, width * width);
    for (size_t i = 0; i < width * width; i++)
        black[i] = code->data[i] & 1;
    QRcode_free(code);
    *out = (struct qr_code){width, black};
    return true;
}

/* Text for an XML element's content. */
static void add_escaped(struct builder *svg, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '&')
            builder_add(svg, "&amp;");
        else if (*text == '<')
            builder_add(svg, "&lt;");
        else if (*text == '>')
            builder_add(svg, "&gt;");
        else
            builder_add_character(svg, *text);
    }
}

/* Horizontal runs of black modules as one path. */
static void add_runs(struct builder *svg, const struct qr_code *code) {
    for (size_t y = 0; y < code->width; y++) {
        for (size_t x = 0; x < code->width;) {
            size_t end = x;
            while (end < code->width && code->black[y * code->width + end])
                end++;
            if (end > x)
                builder_printf(svg, "M%zu %zuh%zuv1h-%zuz", x + QR_QUIET_ZONE, y + QR_QUIET_ZONE,
                    end - x, end - x);
            x = end + 1;
        }
    }
}

char *qr_svg(struct arena *arena, const struct qr_code *code, const char *label) {
    struct builder svg = builder_start(arena, 8192);
    size_t side = code->width + 2 * QR_QUIET_ZONE;
    builder_printf(&svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %zu %zu\" role=\"img\""
        " shape-rendering=\"crispEdges\"><title>",
        side, side);
    add_escaped(&svg, label);
    builder_printf(
        &svg, "</title><path fill=\"#fff\" d=\"M0 0h%zuv%zuH0z\"/><path d=\"", side, side);
    add_runs(&svg, code);
    builder_add(&svg, "\"/></svg>");
    return builder_text(&svg);
}
