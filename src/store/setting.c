/* setting.c: settings by name. Exports what setting.h declares. The aggregate to imitate. */
#include "store/setting.h"

#include "store/statement.h"

#include <string.h>

static const char business_date_name[] = "business_date";

enum status setting_load(struct tx *tx, const char *name, char **value) {
    struct statement *statement = statement_start(tx, QUERY_SETTING_LOAD);
    statement_bind_text(statement, 1, name);
    *value = statement_step(statement) ? statement_text(statement, 0) : NULL;
    return statement_end(statement);
}

enum status setting_save(struct tx *tx, const char *name, const char *value) {
    struct statement *statement = statement_start(tx, QUERY_SETTING_SAVE);
    statement_bind_text(statement, 1, name);
    statement_bind_text(statement, 2, value);
    return statement_run(statement);
}

enum status setting_business_date(struct tx *tx, struct day *day) {
    char *text;
    enum status status = setting_load(tx, business_date_name, &text);
    if (status != STATUS_OK)
        return status;
    if (text == NULL)
        return fault_set(tx_fault(tx), STATUS_NOT_FOUND, "the business date was never set");
    if (!day_from_text(text, strlen(text), day))
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "business date %s", text);
    return STATUS_OK;
}

enum status setting_save_business_date(struct tx *tx, struct day day) {
    char text[DAY_TEXT_SIZE];
    return setting_save(tx, business_date_name, day_to_text(day, text));
}
