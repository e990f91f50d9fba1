/*
 * gauge.h: what a bare program says about itself. Exports: bare_now_us(), bare_cpu_s(),
 * bare_bytes_written(), bare_print().
 */
#ifndef FENQI_BENCH_GAUGE_H
#define FENQI_BENCH_GAUGE_H

#include "../load/samples.h"

#include <stdint.h>

int64_t bare_now_us(void);
double bare_cpu_s(void);
/* Of this process to the disk, from /proc/self/io; 0 where there is none. */
int64_t bare_bytes_written(void);

/* One JSON object: repayments a second, latencies of a commit, bytes written a repayment. */
void bare_print(const struct samples *commits, int64_t repayments, double seconds, int64_t bytes);

#endif
