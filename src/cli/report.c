/* report.c: see report.h. */
#include "cli/report.h"

#include "store/migrations.h"
#include "store/replica.h"

#include <inttypes.h>
#include <stdio.h>

static enum status same_schema(const char *database, struct cli *cli, struct fault *fault) {
    struct planned_migration *migrations;
    size_t count;
    enum status status = store_migration_plan(database, cli->arena, &migrations, &count, fault);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (!migrations[i].applied)
            return fault_set(fault, STATUS_CONFLICT,
                "the report database has not had migration %04d %s yet: migrate its primary",
                migrations[i].number, migrations[i].name);
    return status;
}

static enum status tell_age(const struct report *report, struct cli *cli, struct fault *fault) {
    struct data_age age;
    char text[INSTANT_TEXT_SIZE];
    enum status status = store_data_age(report->database, cli->arena, &age, fault);
    if (status != STATUS_OK || !age.replica)
        return status;
    int64_t seconds = age.age_ms / 1000;
    if (!age.behind)
        printf("replica: all that was received is applied\n");
    else if (age.as_of.us == 0)
        printf("replica: nobody knows how old its data are\n");
    else
        printf("replica: the data are those of %s, %" PRId64 " seconds ago\n",
            instant_to_text(age.as_of, ZONE_SHANGHAI, text), seconds);
    if (report->max_age_s >= 0 && seconds > report->max_age_s)
        return fault_set(fault, STATUS_TIMEOUT,
            "the replica is more than %" PRId64 " seconds behind", report->max_age_s);
    return STATUS_OK;
}

enum status report_open(const struct report *report, struct installation *installation,
    struct cli *cli, struct fault *fault) {
    if (report->database == NULL)
        return installation_open(installation, cli, NULL, fault);
    enum status status = same_schema(report->database, cli, fault);
    if (status == STATUS_OK)
        status = tell_age(report, cli, fault);
    if (status != STATUS_OK)
        return status;
    installation->database = report->database;
    return installation_open(installation, cli, &(struct store_options){.read_only = true}, fault);
}
