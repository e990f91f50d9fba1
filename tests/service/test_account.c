/*
 * test_account.c: codes, registering, logging in, passwords, sessions. Refusals stand in the order
 * of their enums; every row runs over a real database.
 */
#include "../conformance/units.h"
#include "../unit/cmocka_include.h"

#include "codec/totp.h"
#include "service/authenticate.h"
#include "service/find_or_create_customer.h"
#include "service/log_in.h"
#include "service/staff_log_in.h"

#include <string.h>

static const char phone[] = "19900000001";
static const char other_phone[] = "19900000002";
static const struct login_place place = {"Chrome · Android", "203.0.113.*"};

/* One test's world: a database, keys, a clock that the test moves. */
struct world {
    struct database *database;
    struct vault vault;
    struct moment moment;
};

static int setup(void **state) {
    static struct world world;
    assert_true(vault_library_start());
    memset(&world, 0, sizeof world);
    memset(world.vault.master_key, 7, sizeof world.vault.master_key);
    world.database = database_create(&(struct store_options){0});
    world.moment.now = (struct instant){INT64_C(1790000000) * US_PER_SECOND};
    world.moment.business_date = instant_to_day(world.moment.now, ZONE_SHANGHAI);
    *state = &world;
    return 0;
}

static int teardown(void **state) {
    struct world *world = *state;
    database_destroy(world->database);
    return 0;
}

static void wait_s(struct world *world, int64_t seconds) {
    world->moment.now = instant_add_seconds(world->moment.now, seconds);
}

/* What each unit of these tests takes and gives. */
struct step {
    struct world *world;
    const char *phone;
    enum code_purpose purpose;
    const char *code;
    bool password_right;
    const char *cookie;
    struct send_code_answer sent;
    struct log_in_answer logged_in;
    struct caller caller;
    struct password_check stored;
    struct set_password set;
    enum set_password_outcome set_outcome;
    struct staff_log_in staff;
    struct staff_log_in_answer staff_answer;
    int64_t id;
};

static enum status send_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return send_code(
        tx, step->world->moment, &step->world->vault, step->phone, step->purpose, &step->sent);
}

static struct send_code_answer send(
    struct world *world, const char *to, enum code_purpose purpose) {
    struct step step = {.world = world, .phone = to, .purpose = purpose};
    run_ok(world->database, send_unit, &step);
    return step.sent;
}

static enum status register_unit(struct tx *tx, void *context) {
    struct step *step = context;
    struct register_customer command = {.phone = step->phone,
        .code = step->code,
        .password_hash = "stands for an argon2id hash",
        .name = "王小明",
        .accepted_terms = true,
        .place = place};
    return register_customer(
        tx, step->world->moment, &step->world->vault, &command, &step->logged_in);
}

static struct log_in_answer sign_up(struct world *world, const char *who, const char *code) {
    struct step step = {.world = world, .phone = who, .code = code};
    run_ok(world->database, register_unit, &step);
    return step.logged_in;
}

static enum status log_in_unit(struct tx *tx, void *context) {
    struct step *step = context;
    struct log_in command = {.phone = step->phone,
        .code = step->code,
        .password_right = step->password_right,
        .place = place};
    return log_in(tx, step->world->moment, &step->world->vault, &command, &step->logged_in);
}

static struct log_in_answer enter(
    struct world *world, const char *who, const char *code, bool password_right) {
    struct step step = {
        .world = world, .phone = who, .code = code, .password_right = password_right};
    run_ok(world->database, log_in_unit, &step);
    return step.logged_in;
}

static enum status caller_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return authenticate_customer(tx, step->world->moment.now, step->cookie, &step->caller);
}

static int64_t customer_of(struct world *world, const char *cookie) {
    struct step step = {.world = world, .cookie = cookie};
    run_ok(world->database, caller_unit, &step);
    return step.caller.id;
}

/* Registers `phone` and gives its session's cookie. */
static struct log_in_answer registered(struct world *world, char cookie[SESSION_TOKEN_TEXT_SIZE]) {
    struct send_code_answer sent = send(world, phone, CODE_REGISTER);
    struct log_in_answer answer = sign_up(world, phone, sent.code);
    assert_int_equal(answer.outcome, LOG_IN_OK);
    session_token_write(&answer.token, cookie);
    return answer;
}

static const char *wrong(const char *code) {
    return strcmp(code, "000000") == 0 ? "000001" : "000000";
}

static void test_codes_are_limited(void **state) {
    struct world *world = *state;
    struct send_code_answer first = send(world, phone, CODE_LOGIN);
    assert_int_equal(first.outcome, SEND_CODE_OK);
    assert_int_equal(strlen(first.code), CODE_DIGITS);
    wait_s(world, CODE_RESEND_S - 1);
    assert_int_equal(send(world, phone, CODE_LOGIN).outcome, SEND_CODE_TOO_SOON);
    assert_int_equal(send(world, phone, CODE_REGISTER).outcome, SEND_CODE_OK);
    assert_int_equal(send(world, other_phone, CODE_LOGIN).outcome, SEND_CODE_OK);
    for (int i = 1; i < CODE_DAILY_LIMIT; i++) {
        wait_s(world, CODE_RESEND_S);
        assert_int_equal(send(world, phone, CODE_LOGIN).outcome, SEND_CODE_OK);
    }
    wait_s(world, CODE_RESEND_S);
    assert_int_equal(send(world, phone, CODE_LOGIN).outcome, SEND_CODE_LIMIT_REACHED);
    wait_s(world, 86400);
    assert_int_equal(send(world, phone, CODE_LOGIN).outcome, SEND_CODE_OK);
}

static void test_register_refusals_in_order(void **state) {
    struct world *world = *state;
    assert_int_equal(sign_up(world, phone, "123456").outcome, LOG_IN_CODE_EXPIRED);
    struct send_code_answer sent = send(world, phone, CODE_REGISTER);
    for (int i = 0; i < CODE_WRONG_LIMIT; i++)
        assert_int_equal(sign_up(world, phone, wrong(sent.code)).outcome, LOG_IN_CODE_WRONG);
    assert_int_equal(sign_up(world, phone, sent.code).outcome, LOG_IN_CODE_LOCKED);
    wait_s(world, CODE_RESEND_S);
    sent = send(world, phone, CODE_REGISTER);
    wait_s(world, CODE_LIFE_S);
    assert_int_equal(sign_up(world, phone, sent.code).outcome, LOG_IN_CODE_EXPIRED);
    sent = send(world, phone, CODE_REGISTER);
    assert_int_equal(sign_up(world, other_phone, sent.code).outcome, LOG_IN_CODE_EXPIRED);
    assert_int_equal(sign_up(world, phone, sent.code).outcome, LOG_IN_OK);
    assert_int_equal(sign_up(world, phone, sent.code).outcome, LOG_IN_CODE_EXPIRED);
    wait_s(world, CODE_RESEND_S);
    sent = send(world, phone, CODE_REGISTER);
    assert_int_equal(sign_up(world, phone, sent.code).outcome, LOG_IN_ACCOUNT_EXISTS);
}

static void test_a_code_is_for_one_purpose(void **state) {
    struct world *world = *state;
    struct send_code_answer sent = send(world, phone, CODE_LOGIN);
    assert_int_equal(sign_up(world, phone, sent.code).outcome, LOG_IN_CODE_EXPIRED);
}

static void test_only_the_phone_learns_who_is_registered(void **state) {
    struct world *world = *state;
    assert_int_equal(enter(world, phone, "000000", false).outcome, LOG_IN_CODE_EXPIRED);
    struct send_code_answer sent = send(world, phone, CODE_LOGIN);
    assert_int_equal(enter(world, phone, wrong(sent.code), false).outcome, LOG_IN_CODE_WRONG);
    assert_int_equal(enter(world, phone, sent.code, false).outcome, LOG_IN_ACCOUNT_NOT_FOUND);
    assert_int_equal(enter(world, phone, NULL, false).outcome, LOG_IN_PASSWORD_WRONG);
    assert_int_equal(enter(world, phone, NULL, true).outcome, LOG_IN_PASSWORD_WRONG);
}

static void test_wrong_passwords_lock_passwords_only(void **state) {
    struct world *world = *state;
    char cookie[SESSION_TOKEN_TEXT_SIZE];
    registered(world, cookie);
    for (int i = 0; i < LOGIN_WRONG_LIMIT; i++)
        assert_int_equal(enter(world, phone, NULL, false).outcome, LOG_IN_PASSWORD_WRONG);
    assert_int_equal(enter(world, phone, NULL, true).outcome, LOG_IN_LOCKED);
    struct send_code_answer sent = send(world, phone, CODE_LOGIN);
    assert_int_equal(enter(world, phone, sent.code, false).outcome, LOG_IN_OK);
    wait_s(world, LOGIN_LOCK_S);
    assert_int_equal(enter(world, phone, NULL, true).outcome, LOG_IN_OK);
}

static void test_sessions_end(void **state) {
    struct world *world = *state;
    char cookie[SESSION_TOKEN_TEXT_SIZE];
    int64_t customer_id = registered(world, cookie).customer_id;
    assert_int_equal(customer_of(world, cookie), customer_id);
    assert_int_equal(customer_of(world, NULL), 0);
    assert_int_equal(customer_of(world, "x"), 0);
    for (size_t at = 0; cookie[at] != '\0'; at++) {
        char forged[SESSION_TOKEN_TEXT_SIZE];
        memcpy(forged, cookie, sizeof forged);
        forged[at] = forged[at] == 'A' ? 'B' : 'A';
        assert_int_equal(customer_of(world, forged), 0);
    }
    wait_s(world, CUSTOMER_SESSION_S - 1);
    assert_int_equal(customer_of(world, cookie), customer_id);
    wait_s(world, 1);
    assert_int_equal(customer_of(world, cookie), 0);
}

static enum status set_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return set_password(
        tx, step->world->moment, &step->world->vault, &step->set, &step->set_outcome);
}

static enum set_password_outcome set(struct world *world, struct set_password command) {
    struct step step = {.world = world, .set = command};
    run_ok(world->database, set_unit, &step);
    return step.set_outcome;
}

static void test_a_new_password_ends_the_other_sessions(void **state) {
    struct world *world = *state;
    char first[SESSION_TOKEN_TEXT_SIZE];
    char second[SESSION_TOKEN_TEXT_SIZE];
    struct log_in_answer mine = registered(world, first);
    struct log_in_answer other = enter(world, phone, NULL, true);
    session_token_write(&other.token, second);
    struct set_password command = {.customer_id = mine.customer_id,
        .session_id = mine.token.session_id,
        .password_hash = "another hash"};
    assert_int_equal(set(world, command), SET_PASSWORD_WRONG);
    assert_int_equal(customer_of(world, second), mine.customer_id);
    command.code = "123456";
    assert_int_equal(set(world, command), SET_PASSWORD_CODE_EXPIRED);
    struct send_code_answer sent = send(world, phone, CODE_SET_PASSWORD);
    command.code = wrong(sent.code);
    assert_int_equal(set(world, command), SET_PASSWORD_CODE_WRONG);
    command.code = sent.code;
    assert_int_equal(set(world, command), SET_PASSWORD_OK);
    assert_int_equal(customer_of(world, first), mine.customer_id);
    assert_int_equal(customer_of(world, second), 0);
}

static void test_nothing_personal_stands_in_clear(void **state) {
    struct world *world = *state;
    char cookie[SESSION_TOKEN_TEXT_SIZE];
    registered(world, cookie);
    assert_int_equal(database_number(world->database,
                         "SELECT COUNT(*) FROM customer WHERE phone_masked = '199****0001' AND "
                         "name_masked = '*小明'"),
        1);
    assert_int_equal(database_number(world->database, "SELECT COUNT(*) FROM phone_directory"), 1);
}

/* ---- staff ---- */

static const uint8_t seed_bytes[20] = "12345678901234567890";

static enum status create_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return create_staff(tx, step->world->moment, &step->world->vault, "li.na", "李娜", STAFF_AGENT,
        "hash", (struct bytes){seed_bytes, 20}, &step->id);
}

static enum status staff_unit(struct tx *tx, void *context) {
    struct step *step = context;
    return staff_log_in(
        tx, step->world->moment, &step->world->vault, &step->staff, &step->staff_answer);
}

static enum staff_log_in_outcome staff_enter(
    struct world *world, const char *login, bool right, const char *totp) {
    struct step step = {
        .world = world, .staff = {.login = login, .password_right = right, .totp = totp}};
    run_ok(world->database, staff_unit, &step);
    return step.staff_answer.outcome;
}

static void test_staff_log_in(void **state) {
    struct world *world = *state;
    struct step step = {.world = world};
    run_ok(world->database, create_unit, &step);
    assert_int_equal(staff_enter(world, "nobody", true, NULL), STAFF_LOG_IN_WRONG);
    assert_int_equal(staff_enter(world, "li.na", false, NULL), STAFF_LOG_IN_WRONG);
    assert_int_equal(staff_enter(world, "li.na", true, NULL), STAFF_LOG_IN_TOTP_REQUIRED);
    assert_int_equal(staff_enter(world, "li.na", true, "12345"), STAFF_LOG_IN_TOTP_REQUIRED);
    char code[TOTP_TEXT_SIZE];
    int64_t time_step = world->moment.now.us / US_PER_SECOND / TOTP_STEP_S;
    totp_code((struct bytes){seed_bytes, 20}, time_step, code);
    assert_int_equal(staff_enter(world, "li.na", true, code), STAFF_LOG_IN_OK);
    assert_int_equal(staff_enter(world, "li.na", true, code), STAFF_LOG_IN_TOTP_REQUIRED);
    for (int i = 1; i < STAFF_WRONG_LIMIT; i++)
        assert_int_equal(staff_enter(world, "li.na", false, NULL), STAFF_LOG_IN_WRONG);
    assert_int_equal(staff_enter(world, "li.na", true, code), STAFF_LOG_IN_LOCKED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_codes_are_limited, setup, teardown),
        cmocka_unit_test_setup_teardown(test_register_refusals_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_code_is_for_one_purpose, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_only_the_phone_learns_who_is_registered, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_passwords_lock_passwords_only, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sessions_end, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_a_new_password_ends_the_other_sessions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_personal_stands_in_clear, setup, teardown),
        cmocka_unit_test_setup_teardown(test_staff_log_in, setup, teardown),
    };
    return cmocka_run_group_tests_name("service_account", tests, NULL, NULL);
}
