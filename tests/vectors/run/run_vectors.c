/*
 * run_vectors.c: runs files of published figures and says how many came out as published.
 *
 *     run_vectors [--tap] [--all] [--case TEXT] FILE...
 *
 * For each file: cases, expectations, reproduced, wrong, not expressible; below it the reasons
 * with their counts; at the end the totals. What is wrong is said on stderr, the first few of a
 * file, or all with --all. --case runs only the cases whose name contains TEXT. --tap adds a test
 * point a file: not ok when anything is wrong or the file held no expectation. Exit code 1 then.
 *
 * Cases run in a child process: one that ends it (a failed check) is counted as wrong, and the
 * next child goes on behind it.
 */
#include "figure_file.h"
#include "kinds.h"
#include "tally.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct options {
    bool tap, all;
    const char *only;
};

/* What parent and child share. */
struct shared {
    int32_t at; /* the case that runs */
    int32_t ran;
    struct tally tally;
};

static void run_cases(const struct figure_file *file, const struct vector_kind *kind,
    const struct options *options, struct shared *shared) {
    FENQI_ARENA arena = arena_create(1 << 20);
    for (; shared->at < file->case_count; shared->at++) {
        const struct figure_case *place = &file->cases[shared->at];
        if (options->only && !strstr(place->id, options->only))
            continue;
        shared->ran++;
        snprintf(shared->tally.case_id, sizeof shared->tally.case_id, "%s", place->id);
        const struct vector_case one = figure_file_case(file, shared->at, arena);
        const int32_t before = tally_total(&shared->tally);
        kind->run(&one, &shared->tally);
        if (tally_total(&shared->tally) == before) {
            const struct vector_line line = {place->number, "case", place->id};
            vector_wrong(&shared->tally, &line, "the case expects nothing");
        }
        arena_reset(arena);
    }
}

/* Runs from shared->at in a child; after a death behind the case that died. */
static void run_file(const struct figure_file *file, const struct vector_kind *kind,
    const struct options *options, struct shared *shared) {
    while (shared->at < file->case_count) {
        fflush(NULL);
        const pid_t child = fork();
        check(child >= 0);
        if (child == 0) {
            run_cases(file, kind, options, shared);
            exit(0); /* what counts branches writes at the end */
        }
        int state;
        check(waitpid(child, &state, 0) == child);
        if (WIFEXITED(state) && WEXITSTATUS(state) == 0)
            return;
        const struct figure_case *place = &file->cases[shared->at];
        const struct vector_line line = {place->number, "case", place->id};
        vector_wrong(&shared->tally, &line, "the case ended its process (%s %d)",
            WIFSIGNALED(state) ? "signal" : "exit code",
            WIFSIGNALED(state) ? WTERMSIG(state) : WEXITSTATUS(state));
        shared->at++;
    }
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void print_row(const char *name, int32_t cases, const struct tally *tally) {
    printf("%-36s %7d %12d %10d %6d %15d\n", name, cases, tally_total(tally), tally->reproduced,
        tally->wrong, tally->not_expressible);
}

static void print_head(void) {
    printf("%-36s %7s %12s %10s %6s %15s\n", "file", "cases", "expectations", "reproduced", "wrong",
        "not expressible");
}

/* Runs one file, prints its row; false when anything is wrong or nothing was expected. */
static bool report_file(const char *path, const struct options *options, struct tally *sum,
    int32_t *cases, struct shared *shared) {
    *shared = (struct shared){.tally.say_at_most = options->all ? INT32_MAX : 20};
    snprintf(shared->tally.file, sizeof shared->tally.file, "%s", path);
    struct figure_file file;
    bool readable = figure_file_read(path, &file);
    const struct vector_kind *kind = readable ? vector_kind_named(file.kind) : NULL;
    if (!readable) {
        vector_wrong(&shared->tally, NULL, "%s", file.error);
    } else if (!kind) {
        vector_wrong(&shared->tally, NULL, "there is no kind '%s'", file.kind);
    } else {
        run_file(&file, kind, options, shared);
    }
    figure_file_free(&file);
    const struct tally *tally = &shared->tally;
    print_row(base_name(path), shared->ran, tally);
    tally_print_reasons(tally, stdout, "    ");
    if (tally->said > tally->say_at_most)
        fprintf(stderr, "%s: %d more that are wrong\n", path, tally->said - tally->say_at_most);
    tally_take_in(sum, tally);
    *cases += shared->ran;
    return tally->wrong == 0 && (tally_total(tally) > 0 || options->only);
}

static int usage(void) {
    fputs("run_vectors [--tap] [--all] [--case TEXT] FILE...\n", stderr);
    return 2;
}

int main(int argc, char **argv) {
    struct options options = {0};
    int first = 1;
    for (; first < argc && strncmp(argv[first], "--", 2) == 0; first++) {
        if (strcmp(argv[first], "--tap") == 0)
            options.tap = true;
        else if (strcmp(argv[first], "--all") == 0)
            options.all = true;
        else if (strcmp(argv[first], "--case") == 0 && first + 1 < argc)
            options.only = argv[++first];
        else
            return usage();
    }
    if (first == argc)
        return usage();
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    check(shared != MAP_FAILED);
    struct tally *sum = calloc(1, sizeof *sum);
    check(sum);
    int32_t cases = 0;
    bool good = true;
    if (options.tap)
        printf("1..%d\n", argc - first);
    print_head();
    for (int i = first; i < argc; i++) {
        const bool ok = report_file(argv[i], &options, sum, &cases, shared);
        good = good && ok;
        if (options.tap)
            printf("%s %d - %s: %d reproduced, %d not expressible\n", ok ? "ok" : "not ok",
                i - first + 1, base_name(argv[i]), shared->tally.reproduced,
                shared->tally.not_expressible);
    }
    print_row("in all", cases, sum);
    free(sum);
    return good ? 0 : 1;
}
