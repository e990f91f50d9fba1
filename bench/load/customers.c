/* customers.c: for whom the load generator acts. See customers.h. */
#include "customers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool read_text(const char *path, struct customers *customers) {
    FILE *file = fopen(path, "re");
    struct stat found;
    if (file == NULL || fstat(fileno(file), &found) != 0) {
        fprintf(stderr, "load: cannot read %s\n", path);
        return false;
    }
    size_t size = (size_t)found.st_size;
    customers->text = malloc(size + 1);
    bool whole = customers->text != NULL && fread(customers->text, 1, size, file) == size;
    fclose(file);
    if (whole)
        customers->text[size] = '\0';
    return whole;
}

bool customers_read(const char *path, struct customers *customers) {
    if (!read_text(path, customers))
        return false;
    size_t count = 0;
    for (const char *at = customers->text; *at != '\0'; at++)
        count += *at == '\n';
    customers->lines = calloc(count + 1, sizeof customers->lines[0]);
    customers->count = 0;
    char *rest = customers->text;
    for (char *line = strsep(&rest, "\n"); line != NULL && customers->lines != NULL;
         line = strsep(&rest, "\n")) {
        struct customer_line *customer = &customers->lines[customers->count];
        customer->cookie = strsep(&line, "\t");
        customer->csrf = strsep(&line, "\t");
        customer->order = strsep(&line, "\t");
        if (customer->order != NULL)
            customers->count++;
    }
    if (customers->count == 0)
        fprintf(stderr, "load: %s holds no customers\n", path);
    return customers->count > 0;
}

uint64_t random_next(uint64_t *random) {
    uint64_t value = *random += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

const struct customer_line *customers_pick(
    const struct customers *customers, bool skewed, uint64_t *random) {
    uint64_t throw = random_next(random);
    uint64_t among = customers->count;
    if (skewed && throw % 100 < 80)
        among = (among + 99) / 100;
    return &customers->lines[(throw >> 8) % among];
}
