/* prove_entry.c: that a payment stands in the books of a day. See prove_entry.h. */
#include "service/prove_entry.h"

#include "base/builder.h"
#include "codec/text_bytes.h"

#include <inttypes.h>
#include <string.h>

/* ---- reading ---- */

struct reading {
    struct tx *tx;
    struct entry_proofs *proofs;
    int64_t chain_id; /* of the entry before */
    bool begun;
};

static void take_entry(void *context, const struct journal_row *row) {
    struct reading *reading = context;
    struct entry_proofs *proofs = reading->proofs;
    if (!reading->begun || row->key.chain_id != reading->chain_id)
        memset(proofs->hash, 0, SHA256_SIZE);
    reading->begun = true;
    reading->chain_id = row->key.chain_id;
    if (row->source_id == proofs->source_id) {
        proofs->entries = arena_grow(tx_arena(reading->tx), proofs->entries, proofs->count,
            &proofs->room, sizeof *proofs->entries);
        struct proven_entry *entry = &proofs->entries[proofs->count++];
        *entry = (struct proven_entry){.row = *row, .tree = {.day = row->entry.day}};
        memcpy(entry->before, proofs->hash, SHA256_SIZE);
    }
    if (row->hash.length == SHA256_SIZE)
        memcpy(proofs->hash, row->hash.at, SHA256_SIZE);
}

static enum status load_seal(struct tx *tx, struct proven_entry *entry) {
    struct merkle_root *rows;
    size_t count;
    struct day day = entry->row.entry.day;
    enum status status = merkle_root_list(tx, day_add(day, -1), 1, &rows, &count);
    entry->sealed = status == STATUS_OK && count > 0 && rows[0].day.number == day.number;
    if (entry->sealed)
        entry->seal = rows[0];
    return status;
}

enum status load_proofs(struct tx *tx, struct entry_proofs *proofs) {
    struct reading reading = {.tx = tx, .proofs = proofs};
    struct customer_range range = {proofs->customer_id - 1, proofs->customer_id};
    proofs->entries = NULL;
    proofs->count = proofs->room = 0;
    enum status status = journal_of_range(tx, range, take_entry, &reading);
    for (size_t i = 0; status == STATUS_OK && i < proofs->count; i++) {
        status = load_seal(tx, &proofs->entries[i]);
        proofs->entries[i].tree.wanted = &proofs->entries[i].row.key;
    }
    return status;
}

/* ---- writing ---- */

static void add_hex(
    struct builder *out, struct arena *arena, const char *name, struct bytes bytes) {
    builder_printf(out, "\"%s\":\"%s\"", name, hex_write(arena, bytes));
}

static void add_entry(struct builder *out, struct arena *arena, const struct proven_entry *entry) {
    const struct journal_row *row = &entry->row;
    char day[DAY_TEXT_SIZE];
    builder_printf(out,
        "\"entry\":{\"customer_id\":\"%" PRId64 "\",\"contract_id\":\"%" PRId64
        "\",\"number\":%" PRId64 ",\"day\":\"%s\",\"lines\":[",
        row->key.customer_id, row->key.chain_id, row->key.number, day_to_text(row->entry.day, day));
    for (int32_t i = 0; i < row->entry.line_count; i++) {
        const struct entry_line *line = &row->entry.lines[i];
        builder_printf(out, "%s[\"%s\",%" PRId64 "]", i > 0 ? "," : "",
            account_row(line->account)->code,
            line->side == SIDE_DEBIT ? line->amount.fen : -line->amount.fen);
    }
    builder_add(out, "],");
    add_hex(out, arena, "hash_before", (struct bytes){entry->before, SHA256_SIZE});
    builder_add(out, ",");
    add_hex(out, arena, "hash", row->hash);
    builder_add(out, "}");
}

static void add_path(struct builder *out, struct arena *arena, const struct merkle_proof *proof) {
    builder_printf(out, ",\"leaf\":%" PRId64 ",\"path\":[", proof->index);
    for (int32_t i = 0; i < proof->length; i++)
        builder_printf(out, "%s\"%s\"", i > 0 ? "," : "",
            hex_write(arena, (struct bytes){proof->path[i], SHA256_SIZE}));
    builder_add(out, "]");
}

static void add_seal(struct builder *out, struct arena *arena, const struct merkle_root *seal) {
    builder_printf(out, ",\"seal\":{\"entries\":%" PRId64 ",", seal->count);
    add_hex(out, arena, "previous", (struct bytes){seal->previous, SHA256_SIZE});
    builder_add(out, ",");
    add_hex(out, arena, "root", (struct bytes){seal->root, SHA256_SIZE});
    builder_add(out, ",");
    add_hex(out, arena, "signature", (struct bytes){seal->signature, SIGNATURE_SIZE});
    builder_add(out, ",");
    add_hex(out, arena, "public_key", (struct bytes){seal->public_key, PUBLIC_KEY_SIZE});
    builder_add(out, "}");
}

const char *write_proof(struct arena *arena, struct proven_entry *entry) {
    uint8_t root[SHA256_SIZE];
    bool placed = entry->tree.merkle.proof != NULL;
    merkle_end(&entry->tree.merkle, root);
    if (!placed || entry->tree.merkle.count != entry->seal.count ||
        memcmp(root, entry->seal.root, SHA256_SIZE) != 0)
        return NULL;
    struct builder out = builder_start(arena, 4096);
    builder_add(&out, "{\"format\":\"fenqi-proof-01\",");
    add_entry(&out, arena, entry);
    add_path(&out, arena, &entry->tree.proof);
    add_seal(&out, arena, &entry->seal);
    builder_add(&out, "}");
    return builder_text(&out);
}
