/* fault_plan.c: the planned troubles. Exports what fault_plan.h declares. */
#include "sandbox/fault_plan.h"

#include "base/check.h"

#include <string.h>

static const struct {
    const char *name;
    enum trouble_phase phase;
    const char *meaning;
} table[TROUBLE_COUNT] = {
    [TROUBLE_LATENCY] = {"latency", PHASE_REQUEST, "应答延迟 late answer"},
    [TROUBLE_TIMEOUT_BEFORE] = {"timeout_before", PHASE_REQUEST, "未处理且无应答 no effect, hangs"},
    [TROUBLE_TIMEOUT_AFTER] = {"timeout_after", PHASE_REQUEST, "已处理但无应答 done, but hangs"},
    [TROUBLE_ERROR_BEFORE] = {"error_before", PHASE_REQUEST, "未处理，系统错误 500, no effect"},
    [TROUBLE_ERROR_AFTER] = {"error_after", PHASE_REQUEST, "已处理，系统错误 500 though done"},
    [TROUBLE_RESET_BEFORE] = {"reset_before", PHASE_REQUEST, "未处理，断线 dropped, no effect"},
    [TROUBLE_RESET_AFTER] = {"reset_after", PHASE_REQUEST, "已处理，断线 dropped though done"},
    [TROUBLE_ANSWER_FORGED] = {"answer_forged", PHASE_REQUEST, "应答签名错误 wrong signature"},
    [TROUBLE_REFUSE] = {"refuse", PHASE_PAY, "按代码拒绝 fails with code"},
    [TROUBLE_INSUFFICIENT_FUNDS] = {"insufficient_funds", PHASE_PAY, "余额不足"},
    [TROUBLE_FROZEN_CARD] = {"frozen_card", PHASE_PAY, "卡已冻结 frozen"},
    [TROUBLE_LIMIT_EXCEEDED] = {"limit_exceeded", PHASE_PAY, "超过限额 over the limit"},
    [TROUBLE_AGREEMENT_CANCELLED] = {"agreement_cancelled", PHASE_PAY,
        "用户已解约 cancelled by user"},
    [TROUBLE_UNKNOWN] = {"unknown", PHASE_PAY, "处理中，稍后定论 unknown, decided later"},
    [TROUBLE_REFUND_ABNORMAL] = {"refund_abnormal", PHASE_REFUND, "退款异常 ends ABNORMAL"},
    [TROUBLE_REFUND_CLOSED] = {"refund_closed", PHASE_REFUND, "退款关闭 ends CLOSED"},
    [TROUBLE_QUERY_FAILED] = {"query_failed", PHASE_QUERY, "查询失败 the query fails"},
    [TROUBLE_NOTIFY_DUPLICATE] = {"notify_duplicate", PHASE_NOTIFY, "重复通知 sent twice"},
    [TROUBLE_NOTIFY_DELAY] = {"notify_delay", PHASE_NOTIFY, "延迟通知 sent late"},
    [TROUBLE_NOTIFY_REORDER] = {"notify_reorder", PHASE_NOTIFY, "乱序通知 after the next one"},
    [TROUBLE_NOTIFY_LOST] = {"notify_lost", PHASE_NOTIFY, "丢失通知 never sent"},
    [TROUBLE_NOTIFY_FORGED_SIGNATURE] = {"notify_forged_signature", PHASE_NOTIFY,
        "另发伪造签名 forged signature first"},
    [TROUBLE_NOTIFY_FORGED_AMOUNT] = {"notify_forged_amount", PHASE_NOTIFY,
        "另发错误金额 wrong amount first"},
    [TROUBLE_NOTIFY_FORGED_MERCHANT] = {"notify_forged_merchant", PHASE_NOTIFY,
        "另发错误商户 wrong merchant first"},
    [TROUBLE_NOTIFY_STALE] = {"notify_stale", PHASE_NOTIFY, "另发过期时间戳 old timestamp first"},
    [TROUBLE_NOTIFY_TRUNCATED] = {"notify_truncated", PHASE_NOTIFY, "另发截断报文 cut body first"},
};

const char *trouble_name(enum trouble trouble) {
    return table[trouble].name;
}

const char *trouble_meaning(enum trouble trouble) {
    return table[trouble].meaning;
}

bool trouble_from_name(const char *name, enum trouble *out) {
    for (int i = 0; i < TROUBLE_COUNT; i++) {
        if (strcmp(table[i].name, name) == 0) {
            *out = (enum trouble)i;
            return true;
        }
    }
    return false;
}

/* splitmix64: small, seeded, the same everywhere. */
static uint64_t throw_dice(struct sandbox *sandbox) {
    sandbox->dice += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = sandbox->dice;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

static bool fits(const char *wanted, const char *actual) {
    return wanted[0] == '\0' || strcmp(wanted, actual) == 0;
}

bool trouble_take(struct sandbox *sandbox, struct arena *arena, enum trouble_phase phase,
    const char *channel, const char *operation, const char *subject, int64_t after,
    struct trouble_rule *out) {
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT id, channel, operation, kind, per_million, delay_ms, code, outcome, match"
        " FROM fault WHERE id > ?1 AND remaining <> -1 ORDER BY id",
        "i", after);
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *column = rows.at[i].column;
        enum trouble trouble;
        check(trouble_from_name(column[3], &trouble));
        if (table[trouble].phase != phase || !fits(column[1], channel) ||
            !fits(column[2], operation) || strstr(subject, column[8]) == NULL)
            continue;
        int64_t chance = row_integer(rows.at[i], 4);
        if (chance < 1000000 && (int64_t)(throw_dice(sandbox) % 1000000) >= chance)
            continue;
        int64_t id = row_integer(rows.at[i], 0);
        /* 0 stays 0 (for ever); 1 becomes -1 (used up); others count down. */
        book_run(sandbox->book,
            "UPDATE fault SET hits = hits + 1, remaining = CASE remaining WHEN 0 THEN 0 WHEN 1"
            " THEN -1 ELSE remaining - 1 END WHERE id = ?1",
            "i", id);
        *out = (struct trouble_rule){id, trouble, row_integer(rows.at[i], 5), column[6], column[7]};
        return true;
    }
    return false;
}
