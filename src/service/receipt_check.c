/* receipt_check.c: the short proof on a receipt. Exports what receipt_check.h declares. */
#include "service/receipt_check.h"

#include "base/check.h"

#include <string.h>

char *receipt_check_code(const struct vault *vault, const struct payment *payment,
    struct arena *arena, char text[RECEIPT_CHECK_SIZE]) {
    static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    check(payment->state == PAYMENT_SUCCEEDED);
    char *record = arena_printf(arena, "receipt-1|%lld|%lld|%d|%lld|%lld|%s",
        (long long)payment->customer_id, (long long)payment->payment_id, (int)payment->entry,
        (long long)payment->amount.fen, (long long)payment->finished_at.us,
        payment->transaction_id == NULL ? "" : payment->transaction_id);
    uint8_t mac[VAULT_MAC_SIZE];
    vault_mac(vault, VAULT_RECEIPT, bytes_of_text(record), mac);
    for (int i = 0; i < RECEIPT_CHECK_SIZE - 1; i++) {
        int bit = i * 5;
        unsigned pair = (unsigned)mac[bit / 8] << 8 | mac[bit / 8 + 1];
        text[i] = letters[pair >> (11 - bit % 8) & 31];
    }
    text[RECEIPT_CHECK_SIZE - 1] = '\0';
    return text;
}

bool receipt_check_matches(const struct vault *vault, const struct payment *payment,
    struct arena *arena, const char *code) {
    if (payment->state != PAYMENT_SUCCEEDED || strlen(code) != RECEIPT_CHECK_SIZE - 1)
        return false;
    char own[RECEIPT_CHECK_SIZE];
    receipt_check_code(vault, payment, arena, own);
    unsigned difference = 0;
    for (int i = 0; i < RECEIPT_CHECK_SIZE - 1; i++)
        difference |= (unsigned)(own[i] ^ code[i]);
    return difference == 0;
}
