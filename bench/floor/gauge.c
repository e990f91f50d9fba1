/* gauge.c: what a bare program says about itself. See gauge.h. */
#include "gauge.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

int64_t bare_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

double bare_cpu_s(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int64_t bare_bytes_written(void) {
    FILE *file = fopen("/proc/self/io", "re");
    int64_t bytes = 0;
    char line[128];
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "write_bytes: %" SCNd64, &bytes) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return bytes;
}

void bare_print(const struct samples *commits, int64_t repayments, double seconds, int64_t bytes) {
    printf("{\"good\":%" PRId64 ",\"seconds\":%.3f,\"per_second\":%.1f,\"p50_us\":%" PRId64
           ",\"p99_us\":%" PRId64 ",\"max_us\":%" PRId64 ",\"bytes_each\":%" PRId64
           ",\"cpu_s\":%.3f}\n",
        repayments, seconds, (double)repayments / seconds, samples_share(commits, 500000),
        samples_share(commits, 990000), commits->largest, repayments == 0 ? 0 : bytes / repayments,
        bare_cpu_s());
}
