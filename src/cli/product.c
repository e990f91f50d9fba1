/*
 * product.c: `fenqi product add FILE.json`: puts an instalment product, or a new version of one, on
 * offer. Exports: command_product.
 *
 * The file is described in docs/products.md. What it does not say stays at the engine's defaults;
 * the whole is validated by the engine for every number of instalments before anything is stored.
 * A product is never edited: adding the same code again makes the next version.
 */
#include "store/product.h"
#include "calc/fields_json.h"
#include "cli/commands.h"
#include "cli/installation.h"
#include "codec/json_read.h"
#include "engine/encoding.h"
#include "engine/terms.h"

#include <stdio.h>
#include <string.h>

enum { FILE_SIZE_MAX = 65536, OFFERS_MAX = 24 };

struct product_add {
    struct product product;
    struct product_term offers[OFFERS_MAX];
    struct terms terms;
    uint8_t encoded[TERMS_BYTES_MAX];
};

enum { OFFERED_METHODS = METHOD_FEE_PER_PERIOD + 1 };
static const char *const method_names[OFFERED_METHODS] = {
    "equal_instalment", "equal_principal", "interest_only", "interest_free", "fee_per_period"};
static const char *const settle_names[] = {"by_day", "current_period", "remaining_fees", "full"};

/* ---- reading the file ---- */

/* Reads a member that may be absent; false with the reason said when it is not a whole number. */
static bool take_integer(
    const struct json_value *object, const char *name, int64_t low, int64_t high, int64_t *out) {
    const struct json_value *value = json_member(object, name);
    if (value == NULL)
        return true;
    if (value->kind != JSON_INTEGER_VALUE || value->integer < low || value->integer > high) {
        cli_usage("product", "%s must be a whole number from %lld to %lld", name, (long long)low,
            (long long)high);
        return false;
    }
    *out = value->integer;
    return true;
}

static bool take_text(
    const struct json_value *object, const char *name, const char **out, bool required) {
    const char *text = json_member_text(object, name);
    if (text != NULL)
        *out = text;
    if (*out != NULL || !required)
        return true;
    cli_usage("product", "%s is missing", name);
    return false;
}

/* The index of a text in a table of `count` names. */
static bool take_name(const struct json_value *object, const char *name, const char *const *names,
    int count, int *out) {
    const char *text = json_member_text(object, name);
    if (text == NULL)
        return true;
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0) {
            *out = i;
            return true;
        }
    cli_usage("product", "%s: \"%s\" is not known; see docs/products.md", name, text);
    return false;
}

static bool members_are_known(const struct json_value *object, const char *const *known) {
    for (const struct json_value *member = object->first; member != NULL; member = member->next) {
        const char *const *name = known;
        while (*name != NULL && strcmp(*name, member->name) != 0)
            name++;
        if (*name == NULL) {
            cli_usage("product", "\"%s\" is not known; see docs/products.md", member->name);
            return false;
        }
    }
    return true;
}

static bool take_terms(const struct json_value *file, struct terms *terms) {
    int method = terms->method;
    int settle = terms->settle_rule;
    int64_t penalty = terms->penalty.daily_rate.per_billion;
    int64_t grace = terms->penalty.grace_days;
    int64_t cap = terms->all_in_cap.per_billion;
    int64_t times = terms->extension.max_times;
    int64_t days = terms->extension.max_days;
    int64_t extension = terms->extension.daily_rate.per_billion;
    if (!take_name(file, "method", method_names, OFFERED_METHODS, &method) ||
        !take_name(file, "early_settlement", settle_names, SETTLE_RULE_COUNT, &settle) ||
        !take_integer(file, "penalty_daily_rate_ppb", 0, 100000000, &penalty) ||
        !take_integer(file, "grace_days", 0, 30, &grace) ||
        !take_integer(file, "all_in_cap_ppb", 0, RATE_UNIT, &cap) ||
        !take_integer(file, "extension_times", 0, 12, &times) ||
        !take_integer(file, "extension_days", 0, 180, &days) ||
        !take_integer(file, "extension_daily_rate_ppb", 0, 100000000, &extension))
        return false;
    terms->method = (enum method)method;
    terms->settle_rule = (enum settle_rule)settle;
    terms->penalty.daily_rate.per_billion = penalty;
    terms->penalty.on_principal = true;
    terms->penalty.on_interest = true;
    terms->penalty.grace_days = (int32_t)grace;
    terms->all_in_cap.per_billion = cap;
    terms->extension.max_times = (int32_t)times;
    terms->extension.max_days = (int32_t)days;
    terms->extension.daily_rate.per_billion = extension;
    return true;
}

/* What an order or an offer says, and what the accepted cost table has no line for yet. */
static bool terms_are_a_products(const struct json_value *value, const struct terms *terms) {
    static const char *const elsewhere[] = {"principal", "instalment_count", "annual_rate",
        "period_fee_rate", "start_day", "first_due_day", "holidays_known_to", "custom"};
    static const char *const unsaid[] = {
        "charges", "down_payment", "drawdown_limit", "rate_steps", "balloon"};
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        if (json_member(value, elsewhere[i]) != NULL) {
            cli_usage("product", "terms.%s: comes from the order or the offer", elsewhere[i]);
            return false;
        }
    for (size_t i = 0; i < sizeof unsaid / sizeof unsaid[0]; i++)
        if (json_member(value, unsaid[i]) != NULL) {
            cli_usage("product", "terms.%s: the cost table cannot say it yet", unsaid[i]);
            return false;
        }
    const struct penalty_terms *penalty = &terms->penalty;
    if (penalty->compound_rate.per_billion == 0 && penalty->late_fee_rate.per_billion == 0 &&
        terms->period_unit == PERIOD_MONTH && terms->period_length == 1)
        return true;
    cli_usage("product", "terms: the cost table cannot say penalty on interest overdue, late fees "
                         "as a rate, or periods other than a month yet");
    return false;
}

/* "terms": anything else of the engine's terms, as `fenqi calc` reads them. */
static bool take_more_terms(struct cli *cli, const struct json_value *file, struct terms *terms) {
    const struct json_value *value = json_member(file, "terms");
    if (value == NULL)
        return true;
    struct reader reader = {.arena = cli->arena};
    const struct place place = {NULL, "terms", 0};
    if (!read_terms(&reader, &place, value, false, terms)) {
        cli_usage("product", "%s: %s", reader.refusal.path, reader.refusal.en);
        return false;
    }
    return terms_are_a_products(value, terms);
}

static bool take_offers(const struct json_value *file, struct product_add *add) {
    static const char *const known[] = {
        "instalment_count", "annual_rate_ppb", "period_fee_rate_ppb", NULL};
    const struct json_value *list = json_member(file, "offers");
    if (list == NULL || list->kind != JSON_ARRAY_VALUE || list->count == 0 ||
        list->count > OFFERS_MAX) {
        cli_usage("product", "offers must be a list of 1 to %d", OFFERS_MAX);
        return false;
    }
    for (const struct json_value *offer = list->first; offer != NULL; offer = offer->next) {
        int64_t count = 0;
        int64_t rate = 0;
        int64_t fee = 0;
        if (offer->kind != JSON_OBJECT_VALUE || !members_are_known(offer, known) ||
            !take_integer(offer, "instalment_count", 1, INSTALMENTS_MAX, &count) ||
            !take_integer(offer, "annual_rate_ppb", 0, RATE_UNIT, &rate) ||
            !take_integer(offer, "period_fee_rate_ppb", 0, RATE_UNIT, &fee))
            return false;
        struct product_term *term = &add->offers[add->product.term_count++];
        *term = (struct product_term){(int32_t)count, {rate}, {fee}};
        if (count == 0 || (term > add->offers && term[-1].instalment_count >= count)) {
            cli_usage("product", "each offer needs an instalment_count above the one before");
            return false;
        }
    }
    return true;
}

static bool take_product(struct cli *cli, const struct json_value *file, struct product_add *add) {
    static const char *const known[] = {"code", "name_zh", "name_en", "lender_zh", "lender_en",
        "min_amount_fen", "max_amount_fen", "method", "early_settlement", "penalty_daily_rate_ppb",
        "grace_days", "all_in_cap_ppb", "extension_times", "extension_days",
        "extension_daily_rate_ppb", "terms", "offers", NULL};
    struct product *product = &add->product;
    product->min_amount.fen = 30000;
    product->max_amount.fen = 5000000;
    if (file->kind != JSON_OBJECT_VALUE)
        return cli_usage("product", "the file must hold one JSON object") == CLI_DONE;
    return members_are_known(file, known) && take_text(file, "code", &product->code, true) &&
           take_text(file, "name_zh", &product->name_zh, true) &&
           take_text(file, "name_en", &product->name_en, true) &&
           take_text(file, "lender_zh", &product->lender_zh, true) &&
           take_text(file, "lender_en", &product->lender_en, true) &&
           take_integer(file, "min_amount_fen", 1, PRINCIPAL_MAX_FEN, &product->min_amount.fen) &&
           take_integer(file, "max_amount_fen", product->min_amount.fen, PRINCIPAL_MAX_FEN,
               &product->max_amount.fen) &&
           take_terms(file, &add->terms) && take_more_terms(cli, file, &add->terms) &&
           take_offers(file, add);
}

/* Every offer must be terms that the engine accepts, for the smallest and the largest amount. */
static bool offers_are_valid(const struct product_add *add) {
    for (size_t i = 0; i < 2 * add->product.term_count; i++) {
        struct terms terms = add->terms;
        const struct product_term *offer = &add->offers[i / 2];
        terms.principal = i % 2 == 0 ? add->product.min_amount : add->product.max_amount;
        terms.instalment_count = offer->instalment_count;
        terms.annual_rate = offer->annual_rate;
        terms.period_fee_rate = offer->period_fee_rate;
        terms.start_day = day_from_civil(2026, 1, 31);
        enum terms_refusal refusal = terms_validate(&terms);
        if (refusal != TERMS_OK) {
            cli_usage("product", "the offer of %d instalments is refused: %s",
                (int)offer->instalment_count, terms_refusal_field(refusal));
            return false;
        }
    }
    return true;
}

/* ---- storing it ---- */

static enum status add_unit(struct tx *tx, void *context) {
    struct product_add *add = context;
    struct product *before;
    enum status status = product_newest(tx, add->product.code, &before);
    add->product.version = status == STATUS_OK && before != NULL ? before->version + 1 : 1;
    return status == STATUS_OK ? product_insert(tx, &add->product, tx_now(tx)) : status;
}

static bool read_file(struct cli *cli, const char *path, const struct json_value **out) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        cli_usage("product", "%s cannot be opened", path);
        return false;
    }
    uint8_t *bytes = arena_allocate(cli->arena, FILE_SIZE_MAX);
    size_t length = fread(bytes, 1, FILE_SIZE_MAX, file);
    bool whole = feof(file) != 0;
    fclose(file);
    struct fault fault = {0};
    if (whole && json_read(cli->arena, (struct bytes){bytes, length}, out, &fault) == STATUS_OK)
        return true;
    cli_usage("product", "%s: %s", path, whole ? fault.text : "the file is too large");
    return false;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct installation installation = {0};
    const struct cli_option options[] = {INSTALLATION_OPTIONS(installation)};
    const char *rest[2];
    size_t rest_count;
    if (!cli_parse("product", options, sizeof options / sizeof options[0], argc, argv, rest, 2,
            &rest_count))
        return CLI_USAGE;
    if (rest_count != 2 || strcmp(rest[0], "add") != 0)
        return cli_usage("product", "say: fenqi product add FILE.json");
    const struct json_value *file;
    struct product_add add = {.terms = terms_defaults()};
    if (!read_file(cli, rest[1], &file) || !take_product(cli, file, &add) ||
        !offers_are_valid(&add))
        return CLI_USAGE;
    size_t length = terms_encode(&add.terms, add.encoded, sizeof add.encoded);
    add.product.terms = (struct bytes){add.encoded, length};
    add.product.method = (int32_t)add.terms.method;
    add.product.active = true;
    add.product.terms_on_offer = add.offers;
    struct fault fault = {0};
    if (installation_open(&installation, cli, NULL, &fault) != STATUS_OK)
        return cli_fault("product", &fault);
    enum status status =
        store_run(installation.store, STORE_NO_KEY, cli->arena, add_unit, &add, &fault);
    installation_close(&installation);
    if (status != STATUS_OK)
        return cli_fault("product", &fault);
    printf("product %s version %d\n", add.product.code, (int)add.product.version);
    return CLI_DONE;
}

const struct cli_command command_product = {
    "product", "add FILE.json", "put an instalment product, or its next version, on offer", run};
