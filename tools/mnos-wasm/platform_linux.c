/**
 * platform_linux.c - memory by malloc and mmap, guard pages by SIGSEGV.
 *
 * A reservation is PROT_NONE address space. The signal handler must know whether a fault
 * lies in one, without taking a lock: reservations stand in a list of entries that only
 * grows; an entry is free while its size is 0, and is filled base first, size last.
 *
 * Each thread has a chain of `enter` frames; the handler jumps to the innermost. The jump
 * abandons engine code only: it holds no lock and owns nothing of the host's.
 */
#include "platform_linux.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

struct reservation {
    _Atomic(uintptr_t) base;
    _Atomic(size_t) size; /* 0: the entry is free */
    struct reservation *next;
};

struct enter_frame {
    sigjmp_buf escape;
    struct wasm_fault *fault;
    struct enter_frame *outer;
};

static _Atomic(struct reservation *) reservations;
static pthread_mutex_t reservations_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local struct enter_frame *innermost;
static struct sigaction previous_segv;
static struct sigaction previous_bus;

static void *allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void release(void *context, void *pointer, size_t size)
{
    (void)context;
    (void)size;
    free(pointer);
}

static void *reallocate(void *context, void *pointer, size_t old_size, size_t new_size)
{
    (void)context;
    (void)old_size;
    return realloc(pointer, new_size);
}

/* A free entry, or a new one at the front of the list; the caller has the lock. */
static struct reservation *reservation_slot(void)
{
    struct reservation *entry = atomic_load(&reservations);

    for (; entry != NULL; entry = entry->next) {
        if (atomic_load(&entry->size) == 0) {
            return entry;
        }
    }
    entry = calloc(1, sizeof(*entry));
    if (entry != NULL) {
        entry->next = atomic_load(&reservations);
        atomic_store(&reservations, entry);
    }
    return entry;
}

static void *reserve(void *context, size_t size)
{
    (void)context;
    void *base =
        mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (base == MAP_FAILED) {
        return NULL;
    }
    pthread_mutex_lock(&reservations_lock);
    struct reservation *entry = reservation_slot();
    if (entry != NULL) {
        atomic_store(&entry->base, (uintptr_t)base);
        atomic_store(&entry->size, size);
    }
    pthread_mutex_unlock(&reservations_lock);
    if (entry == NULL) {
        munmap(base, size);
        return NULL;
    }
    return base;
}

static bool commit(void *context, void *base, size_t size)
{
    (void)context;
    return mprotect(base, size, PROT_READ | PROT_WRITE) == 0;
}

static void unreserve(void *context, void *base, size_t size)
{
    (void)context;
    pthread_mutex_lock(&reservations_lock);
    for (struct reservation *entry = atomic_load(&reservations); entry != NULL;
         entry = entry->next) {
        if (atomic_load(&entry->size) != 0 &&
            atomic_load(&entry->base) == (uintptr_t)base) {
            atomic_store(&entry->size, 0);
            break;
        }
    }
    pthread_mutex_unlock(&reservations_lock);
    munmap(base, size);
}

static bool is_reserved(uintptr_t address)
{
    for (struct reservation *entry = atomic_load(&reservations); entry != NULL;
         entry = entry->next) {
        if (address - atomic_load(&entry->base) < atomic_load(&entry->size)) {
            return true;
        }
    }
    return false;
}

static void fill_fault(struct wasm_fault *fault, const siginfo_t *info,
                       const ucontext_t *machine)
{
    static const int order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                  REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                  REG_R12, REG_R13, REG_R14, REG_R15};

    fault->address = (uintptr_t)info->si_addr;
    fault->program_counter = (uint64_t)machine->uc_mcontext.gregs[REG_RIP];
    for (size_t i = 0; i < 16; i++) {
        fault->registers[i] = (uint64_t)machine->uc_mcontext.gregs[order[i]];
    }
}

/* Not ours: what was there before gets it; by default the instruction faults again. */
static void pass_on(int number, siginfo_t *info, void *machine)
{
    struct sigaction *previous = number == SIGBUS ? &previous_bus : &previous_segv;

    if ((previous->sa_flags & SA_SIGINFO) != 0) {
        previous->sa_sigaction(number, info, machine);
    } else {
        sigaction(number, previous, NULL);
    }
}

static void on_fault(int number, siginfo_t *info, void *machine)
{
    struct enter_frame *frame = innermost;

    if (frame == NULL || !is_reserved((uintptr_t)info->si_addr)) {
        pass_on(number, info, machine);
        return;
    }
    fill_fault(frame->fault, info, machine);
    siglongjmp(frame->escape, 1);
}

static bool enter(void *context, void (*function)(void *argument), void *argument,
                  struct wasm_fault *out_fault)
{
    struct enter_frame frame = {.fault = out_fault, .outer = innermost};

    (void)context;
    /* No signal mask is saved: SA_NODEFER leaves nothing to restore. */
    if (sigsetjmp(frame.escape, 0) != 0) {
        innermost = innermost->outer;
        return false;
    }
    innermost = &frame;
    function(argument);
    innermost = frame.outer;
    return true;
}

static void install_handlers(void)
{
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO | SA_NODEFER};

    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &previous_segv);
    sigaction(SIGBUS, &action, &previous_bus);
}

struct wasm_platform platform_linux(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, install_handlers);
    return (struct wasm_platform){.allocate = allocate,
                                  .release = release,
                                  .reallocate = reallocate,
                                  .reserve = reserve,
                                  .commit = commit,
                                  .unreserve = unreserve,
                                  .enter = enter};
}
