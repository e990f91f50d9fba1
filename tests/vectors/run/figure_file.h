/*
 * figure_file.h: a file of published figures in memory, cut into cases. Exports: struct
 * figure_file, figure_file_read(), figure_file_free(), figure_file_case().
 */
#ifndef FENQI_TESTS_VECTORS_FIGURE_FILE_H
#define FENQI_TESTS_VECTORS_FIGURE_FILE_H

#include "kind.h"

struct figure_case {
    const char *id;
    int32_t number;      /* of its line "case ID" */
    int32_t first, last; /* lines[first..last) */
};

struct figure_file {
    const char *path;
    const char *kind; /* the head's "kind NAME"; NULL when it has none */
    int32_t line_count, case_count;
    struct vector_line *lines;
    struct figure_case *cases;
    char *text; /* what words and rests point into */
    char error[200];
};

/* Reads and cuts a file; false, with file->error set, when it cannot be read or is malformed. */
bool figure_file_read(const char *path, struct figure_file *file);
void figure_file_free(struct figure_file *file);

/* The n-th case as a kind sees it; `arena` is the case's own. */
struct vector_case figure_file_case(const struct figure_file *file, int32_t n, struct arena *arena);

#endif
