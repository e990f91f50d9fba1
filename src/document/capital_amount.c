/* capital_amount.c: amounts in Chinese capitals. Exports capital_amount(). */
#include "document/capital_amount.h"

#include "base/builder.h"
#include "base/check.h"

enum { GROUPS = 4 };

static const char *const digits[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};

/* Four digits of one group. `inside` says that something stands before them. */
static void add_group(struct builder *text, int group, bool inside) {
    static const int weights[] = {1000, 100, 10, 1};
    static const char *const units[] = {"仟", "佰", "拾", ""};
    bool zero = inside && group < 1000;
    for (int i = 0; i < 4; i++) {
        int digit = group / weights[i] % 10;
        if (digit == 0) {
            zero = zero || group % weights[i] != 0;
            continue;
        }
        bool started = inside || group >= weights[i] * 10;
        if (zero && started)
            builder_add(text, digits[0]);
        zero = false;
        builder_add(text, digits[digit]);
        builder_add(text, units[i]);
    }
}

static void add_yuan(struct builder *text, int64_t yuan) {
    /* 万亿 is written 万 … 亿: the group above 亿 counts 万 of them. */
    static const char *const units[GROUPS] = {"", "万", "亿", "万"};
    int groups[GROUPS];
    bool inside = false;
    for (int i = 0; i < GROUPS; i++) {
        groups[i] = (int)(yuan % 10000);
        yuan /= 10000;
    }
    check(yuan == 0);
    for (int i = GROUPS - 1; i >= 0; i--) {
        if (groups[i] > 0) {
            add_group(text, groups[i], inside);
            builder_add(text, units[i]);
        } else if (i == 2 && groups[3] > 0) {
            builder_add(text, units[i]);
        }
        inside = inside || groups[i] > 0;
    }
}

char *capital_amount(struct arena *arena, struct money amount) {
    check(amount.fen >= 0);
    struct builder text = builder_start(arena, 128);
    int64_t yuan = amount.fen / 100;
    int jiao = (int)(amount.fen / 10 % 10);
    int fen = (int)(amount.fen % 10);
    builder_add(&text, "人民币");
    if (yuan > 0 || amount.fen == 0) {
        if (yuan == 0)
            builder_add(&text, digits[0]);
        add_yuan(&text, yuan);
        builder_add(&text, "元");
    }
    if (jiao > 0)
        builder_printf(&text, "%s角", digits[jiao]);
    else if (fen > 0 && yuan > 0)
        builder_add(&text, digits[0]);
    if (fen > 0)
        builder_printf(&text, "%s分", digits[fen]);
    else
        builder_add(&text, "整");
    return builder_text(&text);
}
