/*
 * make_shop.c: the demo's shop, products and staff. Exports what loader.h declares of it.
 */
#include "base/check.h"
#include "demo/loader.h"
#include "engine/encoding.h"
#include "service/create_shop.h"
#include "service/staff_log_in.h"
#include "store/product.h"

const struct demo_staff demo_staff[] = {
    {"support", "客服小林", "agent"},
    {"collector", "贷后小周", "collector"},
    {"reviewer", "审核老陈", "reviewer"},
    {"ops", "运营主管", "admin"},
};
const size_t demo_staff_count = sizeof demo_staff / sizeof demo_staff[0];

/* What all products of the demo agree. */
static struct terms demo_terms(const struct demo_product *product) {
    struct terms terms = terms_defaults();
    terms.method = (enum method)product->method;
    terms.fee_quote = FEE_QUOTE_PER_PERIOD;
    terms.penalty.daily_rate = (struct rate){500000}; /* 0.05 % */
    terms.penalty.on_principal = true;
    terms.penalty.on_interest = true;
    terms.penalty.grace_days = 3;
    terms.penalty.grace_kind = GRACE_REPORTING_ONLY;
    terms.all_in_cap = (struct rate){240000000}; /* 24 % */
    terms.settle_rule =
        product->method == METHOD_FEE_PER_PERIOD ? SETTLE_CURRENT_PERIOD : SETTLE_BY_DAY;
    terms.extension.max_times = 2;
    terms.extension.max_days = 30;
    terms.extension.daily_rate = (struct rate){300000}; /* 0.03 % */
    return terms;
}

static enum status make_product(
    struct tx *tx, const struct loader *loader, const struct demo_product *made) {
    struct terms terms = demo_terms(made);
    uint8_t bytes[TERMS_BYTES_MAX];
    size_t length = terms_encode(&terms, bytes, sizeof bytes);
    check(length > 0);
    struct product_term offered[5];
    for (int i = 0; i < 5; i++) {
        offered[i] = (struct product_term){demo_counts[i], made->annual_rate, made->fee_rates[i]};
    }
    struct product product = {
        .code = made->code,
        .version = 1,
        .name_zh = made->name_zh,
        .name_en = made->name_en,
        .method = made->method,
        .terms = {bytes, length},
        .min_amount = {30000},
        .max_amount = {5000000},
        .lender_zh = "山水消费金融（演示）",
        .lender_en = "Shanshui Consumer Finance (demo)",
        .active = true,
        .terms_on_offer = offered,
        .term_count = 5,
    };
    return product_insert(tx, &product, *loader->options->now);
}

static enum status make_staff(struct tx *tx, struct loader *loader) {
    enum status status = STATUS_OK;
    for (size_t i = 0; i < demo_staff_count && status == STATUS_OK; i++) {
        enum staff_role role;
        int64_t staff_id;
        check(staff_role_from_name(demo_staff[i].role, &role));
        status =
            create_staff(tx, loader_moment(loader, 0), loader->options->vault, demo_staff[i].login,
                demo_staff[i].name, role, loader->password_hash, (struct bytes){0}, &staff_id);
        if (role == STAFF_REVIEWER) {
            loader->reviewer_id = staff_id;
        }
    }
    return status;
}

enum status make_shop(struct tx *tx, struct loader *loader) {
    struct new_shop command = {
        .code = DEMO_SHOP_CODE,
        .name = DEMO_SHOP_NAME,
        .webhook_url = loader->options->webhook_url,
        .key_prefix = "fenqi_demo_",
    };
    struct shop_secrets secrets;
    bool taken;
    enum status status = create_shop(
        tx, loader_moment(loader, 0), loader->options->vault, &command, &secrets, &taken);
    if (status == STATUS_OK && taken) {
        status = fault_set(tx_fault(tx), STATUS_CONFLICT, "the demo shop is there already");
    }
    if (status == STATUS_OK) {
        loader->shop_id = secrets.shop_id;
        loader->result->api_key = arena_text(loader->arena, secrets.api_key);
        loader->result->webhook_secret = arena_text(loader->arena, secrets.webhook_secret);
    }
    for (size_t i = 0; i < demo_product_count && status == STATUS_OK; i++) {
        status = make_product(tx, loader, &demo_products[i]);
    }
    return status == STATUS_OK ? make_staff(tx, loader) : status;
}
