/* samples.c: how long answers took. See samples.h. */
#include "samples.h"

/* 0 to 127 have a step each, then 64 steps each doubling. */
static int step_of(int64_t value) {
    int shift = 0;
    while (value >> shift >= 128)
        shift++;
    int step = shift * 64 + (int)(value >> shift);
    return step < SAMPLE_STEPS ? step : SAMPLE_STEPS - 1;
}

static int64_t value_of(int step) {
    if (step < 128)
        return step;
    int shift = (step - 64) / 64;
    return (int64_t)(step - shift * 64) << shift;
}

void samples_add(struct samples *samples, int64_t microseconds) {
    if (microseconds < 0)
        microseconds = 0;
    samples->counts[step_of(microseconds)]++;
    samples->count++;
    if (microseconds > samples->largest)
        samples->largest = microseconds;
}

int64_t samples_share(const struct samples *samples, int64_t share) {
    int64_t wanted = samples->count * share / 1000000;
    int64_t seen = 0;
    for (int step = 0; step < SAMPLE_STEPS; step++) {
        seen += samples->counts[step];
        if (seen > wanted)
            return value_of(step);
    }
    return samples->largest;
}

void samples_join(struct samples *samples, const struct samples *more) {
    for (int step = 0; step < SAMPLE_STEPS; step++)
        samples->counts[step] += more->counts[step];
    samples->count += more->count;
    if (more->largest > samples->largest)
        samples->largest = more->largest;
}
