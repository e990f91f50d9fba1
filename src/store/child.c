/* child.c: see child.h. */
#include "store/child.h"

#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Our environment without the names that are given, then those. */
static char **environment_with(struct arena *arena, const char *const *given) {
    size_t ours = 0, more = 0, count = 0;
    while (environ[ours] != NULL)
        ours++;
    while (given[more] != NULL)
        more++;
    char **all = ARENA_ARRAY(arena, ours + more + 1, char *);
    for (size_t i = 0; i < ours; i++) {
        bool replaced = false;
        size_t length = strcspn(environ[i], "=") + 1;
        for (size_t j = 0; j < more; j++)
            replaced = replaced || strncmp(environ[i], given[j], length) == 0;
        if (!replaced)
            all[count++] = environ[i];
    }
    for (size_t j = 0; j < more; j++)
        all[count++] = arena_text(arena, given[j]);
    return all;
}

static int start(
    const char *const *argv, char **environment, int output, int complaints, pid_t *process) {
    posix_spawn_file_actions_t actions;
    check(posix_spawn_file_actions_init(&actions) == 0);
    check(posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0);
    if (output < 0)
        check(posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) == 0);
    else
        check(posix_spawn_file_actions_adddup2(&actions, output, 1) == 0);
    check(posix_spawn_file_actions_adddup2(&actions, complaints, 2) == 0);
    int error =
        posix_spawnp(process, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

enum status child_start(struct child *child, const char *const *argv,
    const char *const *environment, bool with_output, struct fault *fault) {
    FENQI_ARENA arena = arena_create(8 * 1024);
    int ends[2] = {-1, -1};
    *child = (struct child){.name = argv[0], .complaints = tmpfile()};
    if (child->complaints == NULL || (with_output && pipe2(ends, O_CLOEXEC) != 0)) {
        int why = errno;
        if (child->complaints != NULL)
            fclose(child->complaints);
        return fault_set(fault, STATUS_IO, "cannot run %s: %s", argv[0], strerror(why));
    }
    int error = start(argv, environment_with(arena, environment), ends[1],
        fileno(child->complaints), &child->process);
    if (with_output)
        close(ends[1]);
    if (error != 0) {
        if (with_output)
            close(ends[0]);
        fclose(child->complaints);
        return fault_set(fault, error == ENOENT ? STATUS_UNAVAILABLE : STATUS_IO,
            "cannot run %s: %s", argv[0], strerror(error));
    }
    if (with_output) {
        child->output = fdopen(ends[0], "r");
        check(child->output != NULL);
    }
    return STATUS_OK;
}

enum status child_end(struct child *child, struct fault *fault) {
    if (child->output != NULL)
        fclose(child->output);
    int how = 0;
    pid_t ended;
    do
        ended = waitpid(child->process, &how, 0);
    while (ended < 0 && errno == EINTR);
    char line[300] = "";
    rewind(child->complaints);
    if (fgets(line, sizeof line, child->complaints) == NULL)
        snprintf(line, sizeof line, "ended without a word (%d)", how);
    line[strcspn(line, "\n")] = '\0';
    fclose(child->complaints);
    if (ended == child->process && WIFEXITED(how) && WEXITSTATUS(how) == 0)
        return STATUS_OK;
    return fault_set(fault, strstr(line, "No space left") != NULL ? STATUS_FULL : STATUS_IO,
        "%s: %s", child->name, line);
}
