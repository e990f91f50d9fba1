/* prove.c: `fenqi verify --prove NUMBER`. See prove.h. */
#include "cli/prove.h"

#include "base/public_number.h"
#include "service/prove_entry.h"

#include <stdio.h>

enum { ARENA_BLOCK = 256 * 1024 };

static enum status load_unit(struct tx *tx, void *context) {
    return load_proofs(tx, context);
}

static enum status grow_unit(struct tx *tx, void *context) {
    return grow_day_tree(tx, context);
}

/* *proven is false when its day has no root yet, or one that does not cover the entry. */
static enum status prove_one(
    struct store *store, struct proven_entry *entry, bool *proven, struct fault *fault) {
    char day[DAY_TEXT_SIZE];
    enum status status = STATUS_OK;
    FENQI_ARENA arena = arena_create(ARENA_BLOCK);
    *proven = false;
    day_to_text(entry->row.entry.day, day);
    if (!entry->sealed) {
        fprintf(stderr, "the books of %s are not sealed yet: day-end does it\n", day);
        return STATUS_OK;
    }
    while (status == STATUS_OK && !entry->tree.done) {
        arena_reset(arena);
        status = store_read(store, arena, grow_unit, &entry->tree, fault);
    }
    if (status != STATUS_OK)
        return status;
    const char *text = write_proof(arena, entry);
    *proven = text != NULL;
    if (text != NULL)
        printf("%s\n", text);
    else
        fprintf(stderr, "%s: the entries are not those of the signed root\n", day);
    return STATUS_OK;
}

bool prove_number_read(const char *text, struct public_number *number) {
    return public_number_read(text, PUBLIC_PAYMENT, number) ||
           public_number_read(text, PUBLIC_REFUND, number);
}

enum status prove(
    struct store *store, const struct public_number *number, bool *proven, struct fault *fault) {
    FENQI_ARENA arena = arena_create(ARENA_BLOCK);
    struct entry_proofs proofs = {.customer_id = number->customer_id, .source_id = number->id};
    enum status status = store_read(store, arena, load_unit, &proofs, fault);
    *proven = status == STATUS_OK && proofs.count > 0;
    if (status == STATUS_OK && proofs.count == 0)
        fprintf(stderr, "the journal has no entry of that number\n");
    for (size_t i = 0; status == STATUS_OK && i < proofs.count; i++) {
        bool one;
        status = prove_one(store, &proofs.entries[i], &one, fault);
        *proven = *proven && one;
    }
    return status;
}
