/* archive_head.c: see archive_head.h. */
#include "cli/archive_head.h"

#include "base/json_write.h"
#include "codec/json_read.h"

#include <string.h>

char *archive_head_write(const struct archive_head *head, struct arena *arena) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "program", head->program);
    json_string(&json, "database", head->database);
    json_string(&json, "taken_at", head->taken_at);
    json_integer(&json, "migration", head->facts.migration);
    json_day(&json, "business_date", head->facts.business_date);
    json_integer(&json, "customers", head->facts.customers);
    json_integer(&json, "contracts", head->facts.contracts);
    json_integer(&json, "payments", head->facts.payments);
    json_integer(&json, "entries", head->facts.entries);
    json_open(&json, "files", '[');
    for (size_t i = 0; i < head->file_count; i++) {
        json_open(&json, NULL, '{');
        json_string(&json, "name", head->files[i].name);
        json_integer(&json, "bytes", head->files[i].bytes);
        json_close(&json);
    }
    json_close(&json);
    json_close(&json);
    return json_text(&json);
}

/* A file of a backup lies in the folder that it is restored to, nowhere else. */
static bool is_plain_name(const char *name) {
    return name != NULL && name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL &&
           strlen(name) <= ARCHIVE_NAME_MAX;
}

static bool read_files(const struct json_value *files, struct archive_head *head) {
    if (files == NULL || files->kind != JSON_ARRAY_VALUE || files->count == 0 ||
        files->count > ARCHIVE_FILES_MAX)
        return false;
    for (const struct json_value *item = files->first; item != NULL; item = item->next) {
        struct archive_file *file = &head->files[head->file_count++];
        file->name = json_member_text(item, "name");
        if (!is_plain_name(file->name) || !json_member_integer(item, "bytes", &file->bytes) ||
            file->bytes < 0)
            return false;
    }
    return strcmp(head->files[0].name, "database") == 0;
}

static bool read_facts(const struct json_value *top, struct backup_facts *facts) {
    const char *day = json_member_text(top, "business_date");
    facts->business_date = DAY_NONE;
    return (day == NULL || day_from_text(day, strlen(day), &facts->business_date)) &&
           json_member_integer(top, "migration", &facts->migration) &&
           json_member_integer(top, "customers", &facts->customers) &&
           json_member_integer(top, "contracts", &facts->contracts) &&
           json_member_integer(top, "payments", &facts->payments) &&
           json_member_integer(top, "entries", &facts->entries);
}

enum status archive_head_read(
    struct bytes text, struct archive_head *head, struct arena *arena, struct fault *fault) {
    const struct json_value *top;
    *head = (struct archive_head){0};
    enum status status = json_read(arena, text, &top, fault);
    if (status != STATUS_OK)
        return status;
    head->program = json_member_text(top, "program");
    head->database = json_member_text(top, "database");
    head->taken_at = json_member_text(top, "taken_at");
    if (head->program == NULL || head->database == NULL || head->taken_at == NULL ||
        !read_facts(top, &head->facts) || !read_files(json_member(top, "files"), head))
        return fault_set(fault, STATUS_CORRUPT, "the head of the backup lacks what it must say");
    return STATUS_OK;
}
