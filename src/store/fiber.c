/*
 * fiber.c: fibers by the C library's contexts. Exports what fiber.h declares.
 *
 * Stacks are mapped, not allocated: only the pages that were touched take memory, and a page that
 * may not be touched lies below each. The sanitizers are told of every change of stack.
 */
#include "store/fiber.h"

#include "base/check.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#if defined(__SANITIZE_ADDRESS__)
#define FIBER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBER_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define FIBER_TSAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define FIBER_TSAN 1
#endif
#ifdef FIBER_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef FIBER_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/* What a use case puts on its stack stays well below this, instrumented builds included. */
enum { STACK_SIZE = 1024 * 1024, GUARD_SIZE = 4096 };

struct fiber {
    ucontext_t own;
    ucontext_t caller;
    char *memory; /* guard page, then the stack */
    void (*function)(void *argument);
    void *argument;
    bool busy;
#ifdef FIBER_ASAN
    void *own_fake_stack;
    const void *caller_stack;
    size_t caller_stack_size;
#endif
#ifdef FIBER_TSAN
    void *own_state;
    void *caller_state;
#endif
};

/* Goes from the fiber back to who resumed it. */
static void leave(struct fiber *fiber) {
#ifdef FIBER_ASAN
    __sanitizer_start_switch_fiber(
        &fiber->own_fake_stack, fiber->caller_stack, fiber->caller_stack_size);
#endif
#ifdef FIBER_TSAN
    __tsan_switch_to_fiber(fiber->caller_state, 0);
#endif
    check(swapcontext(&fiber->own, &fiber->caller) == 0);
#ifdef FIBER_ASAN
    __sanitizer_finish_switch_fiber(
        fiber->own_fake_stack, &fiber->caller_stack, &fiber->caller_stack_size);
#endif
}

/* The first function on the fiber's stack; makecontext() passes integers only. */
static void enter(unsigned high, unsigned low) {
    struct fiber *fiber = (struct fiber *)(((uintptr_t)high << 32) | low);
#ifdef FIBER_ASAN
    __sanitizer_finish_switch_fiber(NULL, &fiber->caller_stack, &fiber->caller_stack_size);
#endif
    for (;;) {
        fiber->function(fiber->argument);
        fiber->busy = false;
        leave(fiber);
    }
}

struct fiber *fiber_create(void) {
    struct fiber *fiber = calloc(1, sizeof *fiber);
    check(fiber != NULL);
    fiber->memory = mmap(NULL, GUARD_SIZE + STACK_SIZE, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    check(fiber->memory != MAP_FAILED);
    check(mprotect(fiber->memory, GUARD_SIZE, PROT_NONE) == 0);
    check(getcontext(&fiber->own) == 0);
    fiber->own.uc_stack.ss_sp = fiber->memory + GUARD_SIZE;
    fiber->own.uc_stack.ss_size = STACK_SIZE;
    uintptr_t self = (uintptr_t)fiber;
    makecontext(&fiber->own, (void (*)(void))enter, 2, (unsigned)(self >> 32), (unsigned)self);
#ifdef FIBER_TSAN
    fiber->own_state = __tsan_create_fiber(0);
#endif
    return fiber;
}

void fiber_destroy(struct fiber *fiber) {
    if (fiber == NULL)
        return;
    check(!fiber->busy);
#ifdef FIBER_TSAN
    __tsan_destroy_fiber(fiber->own_state);
#endif
    check(munmap(fiber->memory, GUARD_SIZE + STACK_SIZE) == 0);
    free(fiber);
}

void fiber_start(struct fiber *fiber, void (*function)(void *argument), void *argument) {
    check(!fiber->busy);
    fiber->function = function;
    fiber->argument = argument;
    fiber->busy = true;
}

bool fiber_resume(struct fiber *fiber) {
    check(fiber->busy);
#ifdef FIBER_ASAN
    void *fake_stack = NULL;
    __sanitizer_start_switch_fiber(&fake_stack, fiber->memory + GUARD_SIZE, STACK_SIZE);
#endif
#ifdef FIBER_TSAN
    fiber->caller_state = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber->own_state, 0);
#endif
    check(swapcontext(&fiber->caller, &fiber->own) == 0);
#ifdef FIBER_ASAN
    __sanitizer_finish_switch_fiber(fake_stack, NULL, NULL);
#endif
    return fiber->busy;
}

void fiber_pause(struct fiber *fiber) {
    leave(fiber);
}
