/* schedule.c: the instalment plan. Exports what schedule.h declares. */
#include "engine/schedule.h"

#include "base/check.h"
#include "engine/calendar.h"
#include "engine/day_count.h"
#include "engine/due_day.h"
#include "engine/level.h"

enum {
    MONTHS_PER_YEAR = 12,
    DISCOUNT_BITS = 76,         /* with divisors below 2^48 */
    DISCOUNT_BITS_DECIMAL = 64, /* with divisors of a power of ten, below 2^60 */
};

/* The account day of the month `months` after that of `anchor`, clamped to the month's end. */
static struct day account_day_after(struct day anchor, int32_t months, int32_t account_day) {
    struct civil civil = day_to_civil(anchor);
    int32_t index = civil.year * MONTHS_PER_YEAR + (civil.month - 1) + months;
    int32_t year = index / MONTHS_PER_YEAR;
    int32_t month = index % MONTHS_PER_YEAR + 1;
    int32_t last = days_in_month(year, month);
    return day_from_civil(year, month, account_day < last ? account_day : last);
}

enum month_end_rule schedule_month_end(const struct terms *terms) {
    switch (terms->due_rule) {
    case DUE_RULE_ORDER_ANNIVERSARY:
    case DUE_RULE_ACCOUNT_DAY:
        return MONTH_END_CLAMP;
    case DUE_RULE_MONTH_END:
        return MONTH_END_STICKY;
    case DUE_RULE_ROLL_TO_FIRST:
        return MONTH_END_ROLL_TO_FIRST;
    }
    check(false);
    return MONTH_END_CLAMP;
}

static struct due_anchor anchor_of(const struct terms *terms) {
    return due_anchor_of(
        day_is_none(terms->first_due_day) ? terms->start_day : terms->first_due_day);
}

static struct day due_day_number(
    const struct terms *terms, const struct due_anchor *anchor, int32_t number) {
    check(number >= 0);
    if (number == 0)
        return terms->start_day;
    if (terms->method == METHOD_CUSTOM)
        return terms->custom[number - 1].due_day;
    bool given = !day_is_none(terms->first_due_day);
    if (given && number == 1)
        return terms->first_due_day;
    int32_t periods = given ? number - 1 : number;
    if (terms->due_rule == DUE_RULE_ACCOUNT_DAY)
        return account_day_after(anchor->day, periods * terms->period_length, terms->account_day);
    return due_day_from(
        anchor, terms->period_unit, terms->period_length, periods, schedule_month_end(terms));
}

struct day schedule_due_day(const struct terms *terms, int32_t number) {
    struct due_anchor anchor = anchor_of(terms);
    return due_day_number(terms, &anchor, number);
}

struct day schedule_working_day(const struct terms *terms, struct day scheduled) {
    if (terms->due_roll == ROLL_NONE)
        return scheduled;
    return calendar_roll(CALENDAR_CHINA, terms->holidays_known_to, scheduled, terms->due_roll);
}

/* One whole period of the terms by month: so many of these parts of a year. */
static struct year_fraction whole_period_by_month(const struct terms *terms) {
    enum { DAYS_BY_MONTH_BASIS = 360, WEEK_DAYS = 7 };
    switch (terms->period_unit) {
    case PERIOD_MONTH:
        return (struct year_fraction){terms->period_length, MONTHS_PER_YEAR};
    case PERIOD_YEAR:
        return (struct year_fraction){terms->period_length, 1};
    case PERIOD_WEEK:
        return (struct year_fraction){
            (int64_t)terms->period_length * WEEK_DAYS, DAYS_BY_MONTH_BASIS};
    case PERIOD_DAY:
        return (struct year_fraction){terms->period_length, DAYS_BY_MONTH_BASIS};
    }
    check(false);
    return (struct year_fraction){0, 1};
}

/* The growth that levels a row: its own, or that of a whole period by month (R-0006, R-0145). */
static void level_growth(const struct terms *terms, const struct rates *rates,
    const struct schedule_row *row, struct growth *growth) {
    if (terms->level_plan == LEVEL_PLAN_BY_MONTH) {
        struct year_fraction whole = whole_period_by_month(terms);
        int64_t rate =
            row->period.interest_free ? 0 : rate_on(rates, row->period.start).per_billion;
        *growth =
            (struct growth){(int128)rate * whole.numerator, (int128)RATE_UNIT * whole.denominator};
    } else
        growth_of_period(terms, rates, &row->period, growth);
}

static struct money to_multiple(
    const struct terms *terms, int128 numerator, int128 denominator, enum rounding rounding) {
    int64_t unit = terms->multiple.fen > 1 ? terms->multiple.fen : 1;
    return money_fen(divide_rounded(numerator, denominator * unit, rounding) * unit);
}

/*
 * The level instalment: (principal − discounted balloon) ÷ Σ share × discount factor, rounded.
 * Factors carry 76 binary places (64 with decimal rates) and are each short by less than one unit a
 * row, so that the sum of 360 is relatively exact to 2^-67 and the instalment of 10^12 fen to
 * 10^-8 fen before it is rounded.
 */
static struct money level_amount(const struct terms *terms, const struct growth *growths,
    struct money opening, const struct schedule *schedule) {
    struct money level;
    if (terms->method == METHOD_EQUAL_INSTALMENT && terms->multiple.fen <= 1 &&
        terms->principal_grace_count == 0 &&
        level_quickly(opening, growths, schedule->regular_count, terms->rounding, &level))
        return level;
    int bits = terms->factor_decimals > 0 ? DISCOUNT_BITS_DECIMAL : DISCOUNT_BITS;
    const int128 one = (int128)1 << bits;
    int128 factor = one;
    int128 sum = 0;
    for (int32_t i = 0; i < schedule->regular_count; i++) {
        const struct schedule_row *row = &schedule->rows[i];
        if (row->no_principal)
            continue;
        const struct growth *growth = &growths[i];
        factor = factor * growth->denominator / (growth->denominator + growth->numerator);
        sum += row->share.per_billion == RATE_UNIT ? factor
                                                   : factor * row->share.per_billion / RATE_UNIT;
    }
    int128 value = opening.fen * one;
    if (terms->method == METHOD_BALLOON)
        value -= money_min(terms->balloon, opening).fen * factor;
    check(sum > 0); /* the last row always repays */
    return to_multiple(terms, value, sum, terms->rounding);
}

/* The growth of the rows under way, ready to be applied in 64 bits when it fits. */
struct grower {
    const struct growth *growth;
    int64_t numerator; /* 0: does not fit */
    struct divisor divisor;
};

static void grow_by(struct grower *grower, const struct growth *growth) {
    bool same = grower->growth != NULL && grower->growth->numerator == growth->numerator &&
                grower->growth->denominator == growth->denominator;
    grower->growth = growth;
    if (same)
        return;
    const int128 most =
        growth->numerator > growth->denominator ? growth->numerator : growth->denominator;
    grower->numerator = 0;
    if (most > INT64_MAX) /* uncovered: a period of 90 years, to 17 decimals */
        return;
    grower->numerator = (int64_t)growth->numerator;
    grower->divisor = divisor_of((int64_t)growth->denominator);
}

/* What `balance` bears, rounded. */
static struct money growth_on(
    struct money balance, const struct grower *grower, enum rounding rounding) {
    int64_t product;
    if (grower->numerator > 0 && !__builtin_mul_overflow(balance.fen, grower->numerator, &product))
        return money_fen(divide_rounded_by(product, grower->divisor, rounding));
    const struct growth *growth = grower->growth;
    return money_fen(
        divide_rounded(balance.fen * growth->numerator, growth->denominator, rounding));
}

static void plan_level(const struct terms *terms, const struct rates *rates,
    const struct growth *growths, struct money opening, struct money level,
    struct schedule *schedule) {
    struct money balance = opening;
    struct grower grower = {0};
    for (int32_t i = 0; i < schedule->regular_count; i++) {
        struct schedule_row *row = &schedule->rows[i];
        grow_by(&grower, &growths[i]);
        struct money levelled = growth_on(balance, &grower, terms->rounding);
        row->opening = balance;
        row->interest = terms->level_plan == LEVEL_PLAN_EVEN
                            ? levelled
                            : interest_of_period(terms, rates, &row->period, balance);
        row->level = row->share.per_billion == RATE_UNIT
                         ? level
                         : to_multiple(terms, (int128)level.fen * row->share.per_billion, RATE_UNIT,
                               terms->rounding);
        if (row->no_principal) /* its interest only, whatever that becomes */
            row->level = MONEY_ZERO;
        row->principal =
            i + 1 == schedule->regular_count
                ? balance
                : money_min(balance, money_max(MONEY_ZERO, money_subtract(row->level, levelled)));
        balance = money_subtract(balance, row->principal);
    }
}

static int64_t last_difference(const struct schedule *schedule, struct money level) {
    const struct schedule_row *last = &schedule->rows[schedule->regular_count - 1];
    return last->principal.fen + last->interest.fen - level.fen;
}

static int64_t size_of(int64_t fen) {
    return fen < 0 ? -fen : fen;
}

struct money adjusted_level(
    const struct terms *terms, struct money level, int32_t count, int64_t difference_fen) {
    if (count < 2 || size_of(difference_fen) <= count / 2)
        return level;
    return to_multiple(terms, (int128)level.fen * count + difference_fen, count, terms->rounding);
}

/* Moves the level by its share of what the last instalment differs, while that helps (R-0146). */
static void solve_level(const struct terms *terms, const struct rates *rates, struct money opening,
    bool adjusts, struct schedule *schedule) {
    struct growth growths[INSTALMENTS_MAX];
    for (int32_t i = 0; i < schedule->regular_count; i++)
        level_growth(terms, rates, &schedule->rows[i], &growths[i]);
    struct money level = level_amount(terms, growths, opening, schedule);
    plan_level(terms, rates, growths, opening, level, schedule);
    int32_t count = schedule->regular_count;
    for (int32_t i = 0; i < terms->level_adjustments && adjusts; i++) {
        int64_t difference = last_difference(schedule, level);
        struct money other = adjusted_level(terms, level, count, difference);
        if (money_compare(other, level) == 0)
            return;
        plan_level(terms, rates, growths, opening, other, schedule);
        if (size_of(last_difference(schedule, other)) >= size_of(difference)) {
            plan_level(terms, rates, growths, opening, level, schedule);
            return;
        }
        level = other;
    }
}

/* Share `number` of `total` in `count` parts; one end absorbs the remainder, none is negative. */
static struct money share_of(const struct terms *terms, struct money total, int32_t number,
    int32_t count, enum rounding rounding) {
    int64_t even = to_multiple(terms, total.fen, count, rounding).fen;
    int32_t place = terms->remainder == REMAINDER_LAST ? number : count + 1 - number;
    struct money left = money_max(MONEY_ZERO, money_fen(total.fen - even * (place - 1)));
    return place == count ? left : money_min(left, money_fen(even));
}

static struct money principal_of(
    const struct terms *terms, const struct schedule *schedule, struct money opening, int32_t i) {
    int32_t grace = 0;
    while (schedule->rows[grace].no_principal) /* the last row always repays */
        grace++;
    switch (terms->method) { /* uncovered: level plans have no shares */
    case METHOD_EQUAL_PRINCIPAL:
    case METHOD_INTEREST_FREE:
    case METHOD_FEE_PER_PERIOD:
    case METHOD_FLAT:
        return i < grace ? MONEY_ZERO
                         : share_of(terms, opening, i + 1 - grace, schedule->regular_count - grace,
                               terms->principal_rounding);
    case METHOD_INTEREST_ONLY:
    case METHOD_BULLET:
        return i + 1 == schedule->regular_count ? opening : MONEY_ZERO;
    case METHOD_CUSTOM:
        return schedule->rows[i].principal;
    case METHOD_EQUAL_INSTALMENT:
    case METHOD_BALLOON:
    case METHOD_STEPPED:
        break;
    }
    check(false);
    return MONEY_ZERO;
}

static void solve_shares(const struct terms *terms, const struct rates *rates, struct money opening,
    struct schedule *schedule) {
    struct money balance = opening;
    struct money gathered = MONEY_ZERO; /* a bullet's interest so far */
    for (int32_t i = 0; i < schedule->regular_count; i++) {
        struct schedule_row *row = &schedule->rows[i];
        bool last = i + 1 == schedule->regular_count;
        row->opening = balance;
        row->level = MONEY_ZERO;
        row->principal = principal_of(terms, schedule, opening, i);
        if (terms->method == METHOD_CUSTOM)
            row->principal = last ? balance : money_min(balance, row->principal);
        row->interest = interest_of_period(
            terms, rates, &row->period, terms->method == METHOD_FLAT ? opening : balance);
        if (terms->method == METHOD_BULLET) {
            gathered = money_add(gathered, row->interest);
            row->interest = last ? gathered : MONEY_ZERO;
        }
        balance = money_subtract(balance, row->principal);
    }
    check(money_is_zero(balance));
}

void schedule_solve(const struct terms *terms, const struct rates *rates, struct money opening,
    bool adjusts, struct schedule *schedule) {
    if (method_is_level(terms->method))
        solve_level(terms, rates, opening, adjusts, schedule);
    else
        solve_shares(terms, rates, opening, schedule);
    if (terms->subsidy.share.per_billion == 0)
        return;
    for (int32_t i = 0; i < schedule->regular_count; i++) {
        struct schedule_row *row = &schedule->rows[i];
        row->subsidy = money_scale(
            row->interest, terms->subsidy.share.per_billion, RATE_UNIT, terms->rounding);
        row->interest = money_subtract(row->interest, row->subsidy);
    }
}

struct money even_part(const struct terms *terms, struct money total, int32_t count) {
    return to_multiple(terms, total.fen, count, terms->principal_rounding);
}

struct money down_payment_of(const struct terms *terms, struct money drawdown) {
    if (terms->down_payment.per_billion == 0)
        return MONEY_ZERO;
    struct money part = to_multiple(
        terms, (int128)drawdown.fen * terms->down_payment.per_billion, RATE_UNIT, terms->rounding);
    return money_min(part, drawdown);
}

static struct money one_charge(
    const struct charge_terms *charge, struct money base, enum rounding rounding) {
    struct money amount = charge->base == CHARGE_BASE_FIXED
                              ? charge->fixed
                              : money_scale(base, charge->rate.per_billion, RATE_UNIT, rounding);
    if (money_is_positive(charge->least))
        amount = money_max(amount, charge->least);
    if (money_is_positive(charge->most))
        amount = money_min(amount, charge->most);
    return amount;
}

struct money charge_amount(const struct terms *terms, enum charge_time time, struct money drawdown,
    struct money principal, struct money interest) {
    struct money sum = MONEY_ZERO;
    for (int32_t i = 0; i < terms->charge_count; i++) {
        const struct charge_terms *charge = &terms->charges[i];
        const struct money bases[CHARGE_BASE_COUNT] = {
            [CHARGE_BASE_PRINCIPAL] = drawdown,
            [CHARGE_BASE_INSTALMENT_PRINCIPAL] = principal,
            [CHARGE_BASE_INSTALMENT_INTEREST] = interest,
            [CHARGE_BASE_INSTALMENT] = money_add(principal, interest),
        };
        if (charge->time == time)
            sum = money_add(sum, one_charge(charge, bases[charge->base], terms->rounding));
    }
    return sum;
}

static struct money fee_of(const struct terms *terms, const struct schedule_row *row,
    struct money financed, int32_t number) {
    struct money fee = MONEY_ZERO;
    if (terms->period_fee_rate.per_billion > 0) {
        fee = money_scale(financed, terms->period_fee_rate.per_billion, RATE_UNIT, terms->rounding);
        if (terms->fee_quote == FEE_QUOTE_TOTAL)
            fee = share_of(terms, fee, number, terms->instalment_count, terms->rounding);
    }
    if (terms->charge_count > 0)
        fee = money_add(fee, charge_amount(terms, CHARGE_PER_INSTALMENT, terms->principal,
                                 row->principal, row->interest));
    return fee;
}

static void add_row(struct schedule *schedule, const struct terms *terms, enum instalment_kind kind,
    struct money principal, struct money fee) {
    if (money_is_zero(principal) && money_is_zero(fee))
        return;
    struct day day = terms->start_day;
    schedule->rows[schedule->count++] = (struct schedule_row){.kind = kind,
        .period = {.start = day, .end = day},
        .due_day = day,
        .opening = terms->principal,
        .principal = principal,
        .fee = fee};
}

struct rate schedule_share(const struct terms *terms, int32_t number) {
    struct rate share = {RATE_UNIT};
    if (terms->method == METHOD_STEPPED)
        for (int32_t i = 0; i < terms->step_count; i++)
            if (terms->steps[i].from_instalment <= number)
                share = terms->steps[i].share;
    return share;
}

/* By month, custom periods count their days, and a first one that is not whole may (R-0142). */
static bool counts_days(const struct terms *terms, int32_t i) {
    if (terms->day_basis != DAY_BASIS_BY_MONTH)
        return false;
    if (terms->method == METHOD_CUSTOM)
        return true;
    return i == 0 && terms->first_period_by_days &&
           day_compare(schedule_due_day(terms, 1),
               due_day_step(terms->start_day, terms->period_unit, terms->period_length, 1,
                   schedule_month_end(terms))) != 0;
}

static void set_periods(const struct terms *terms, struct schedule *schedule) {
    struct day previous = terms->start_day;
    struct due_anchor anchor = anchor_of(terms);
    struct due_anchor walk = anchor;
    bool given = !day_is_none(terms->first_due_day);
    bool walks = terms->method != METHOD_CUSTOM && terms->period_unit == PERIOD_MONTH &&
                 terms->due_rule != DUE_RULE_ACCOUNT_DAY && anchor.civil.day < 28;
    for (int32_t i = 0; i < terms->instalment_count; i++) {
        struct day day = walks && (i > 0 || !given) ? due_anchor_walk(&walk, terms->period_length)
                                                    : due_day_number(terms, &anchor, i + 1);
        schedule->rows[i] = (struct schedule_row){
            .kind = INSTALMENT_REGULAR,
            .period = {.start = previous,
                .end = day,
                .by_days = counts_days(terms, i),
                .interest_free = i < terms->interest_free_count},
            .due_day = schedule_working_day(terms, day),
            .no_principal = i < terms->principal_grace_count,
            .share = schedule_share(terms, i + 1),
            .principal = terms->method == METHOD_CUSTOM ? terms->custom[i].principal : MONEY_ZERO,
        };
        previous = day;
    }
}

void schedule_build(const struct terms *terms, struct schedule *schedule) {
    struct rate_step room[RATE_STEPS_MAX + 1];
    struct rates rates = terms_rates(terms, room);
    struct money down = down_payment_of(terms, terms->principal);
    struct money financed = money_subtract(terms->principal, down);
    schedule->count = schedule->regular_count = terms->instalment_count;
    set_periods(terms, schedule);
    schedule_solve(terms, &rates, financed, true, schedule);
    if (terms->period_fee_rate.per_billion > 0 || terms->charge_count > 0)
        for (int32_t i = 0; i < schedule->regular_count; i++)
            schedule->rows[i].fee = fee_of(terms, &schedule->rows[i], financed, i + 1);
    add_row(schedule, terms, INSTALMENT_DOWN_PAYMENT, down, MONEY_ZERO);
    struct money up_front =
        charge_amount(terms, CHARGE_UP_FRONT, terms->principal, MONEY_ZERO, MONEY_ZERO);
    struct money on_drawdown =
        charge_amount(terms, CHARGE_ON_DRAWDOWN, terms->principal, MONEY_ZERO, MONEY_ZERO);
    add_row(schedule, terms, INSTALMENT_UP_FRONT, MONEY_ZERO, money_add(up_front, on_drawdown));
}

struct money schedule_total_cost(const struct schedule *schedule) {
    struct money cost = MONEY_ZERO;
    for (int32_t i = 0; i < schedule->count; i++)
        cost = money_add(cost, money_add(schedule->rows[i].interest, schedule->rows[i].fee));
    return cost;
}
