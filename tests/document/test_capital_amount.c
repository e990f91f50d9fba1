/* test_capital_amount.c: amounts in Chinese capitals and QR codes as SVG. */
#include "../unit/cmocka_include.h"

#include "codec/qr.h"
#include "document/capital_amount.h"

#include <string.h>

/* Examples of the rules (annex 1 of 支付结算办法) and cases around every zero. */
static void test_capitals(void **state) {
    (void)state;
    static const struct {
        int64_t fen;
        const char *text;
    } cases[] = {
        {140950, "人民币壹仟肆佰零玖元伍角整"},
        {600714, "人民币陆仟零柒元壹角肆分"},
        {168032, "人民币壹仟陆佰捌拾元叁角贰分"},
        {10700053, "人民币壹拾万柒仟元伍角叁分"},
        {1640902, "人民币壹万陆仟肆佰零玖元零贰分"},
        {32504, "人民币叁佰贰拾伍元零肆分"},
        {0, "人民币零元整"},
        {1, "人民币壹分"},
        {10, "人民币壹角整"},
        {11, "人民币壹角壹分"},
        {100, "人民币壹元整"},
        {1000, "人民币壹拾元整"},
        {1010000, "人民币壹万零壹佰元整"},
        {88849, "人民币捌佰捌拾捌元肆角玖分"},
        {100100, "人民币壹仟零壹元整"},
        {1000100, "人民币壹万零壹元整"},
        {10000000000, "人民币壹亿元整"},
        {10000000001, "人民币壹亿元零壹分"},
        {10000010000, "人民币壹亿零壹佰元整"},
        {10000000100, "人民币壹亿零壹元整"},
        {10010000000, "人民币壹亿零壹拾万元整"},
        {100000000000000, "人民币壹万亿元整"},
        {9007199254740991, "人民币玖拾万零柒佰壹拾玖亿玖仟贰佰伍拾肆万柒仟肆佰零玖元玖角壹分"},
    };
    FENQI_ARENA arena = arena_create(8192);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(capital_amount(arena, (struct money){cases[i].fen}), cases[i].text);
}

static void test_svg(void **state) {
    (void)state;
    FENQI_ARENA arena = arena_create(65536);
    struct qr_code code;
    char longest[QR_TEXT_MAX + 2];
    memset(longest, 'x', sizeof longest);
    longest[QR_TEXT_MAX + 1] = '\0';
    assert_false(qr_encode(arena, "", &code));
    assert_false(qr_encode(arena, longest, &code));
    longest[QR_TEXT_MAX] = '\0';
    assert_true(qr_encode(arena, longest, &code));
    assert_true(qr_encode(arena, "weixin://wxpay/bizpayurl?pr=JyC91EIz1", &code));
    assert_int_equal(code.width, 29);
    /* The three finder patterns. */
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(code.black[i], 1);
        assert_int_equal(code.black[code.width - 1 - i], 1);
        assert_int_equal(code.black[(code.width - 1) * code.width + i], 1);
    }
    char *svg = qr_svg(arena, &code, "付款 <b> & \"x\"");
    assert_non_null(strstr(svg, "viewBox=\"0 0 37 37\""));
    assert_non_null(strstr(svg, "<title>付款 &lt;b&gt; &amp; \"x\"</title>"));
    assert_non_null(strstr(svg, "M4 4h7v1h-7z"));
    assert_null(strstr(svg, "<script"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capitals),
        cmocka_unit_test(test_svg),
    };
    return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
