/**
 * platform.c - see platform.h.
 *
 * Reservations lie one behind the other from PROGRAM_MAPPINGS_END on, with a gap between them; address space
 * is not used twice, of which there is enough for 15,000 memories. A fault in a reservation goes to the
 * innermost `enter` by escape(), to which the handler sends the thread.
 */
#include "wasm_host/platform.h"
#include "core/bytes.h"
#include "mnos/cap.h"
#include "mnos/trap.h"
#include "wasm_host/heap.h"
#include "wasm_host/pages.h"

enum {
    RESERVATIONS = 128,
    TRAP_STACK_BYTES = 16384,
    RED_ZONE_BYTES = 128,
    /* A linear memory does not grow into the account's last pages: a program that takes all it can get
       shall see its memory.grow fail, and not the translation of its next function. */
    PAGES_KEPT = 64,
    JUMP_WORDS = 5
};

#define GAP_BYTES 0x200000ul

/** Reserved address space; size 0: the entry is free. */
struct reservation {
    uint64_t base;
    uint64_t size;
    uint64_t
        committed; /* bytes from the base on; of a lazy one all that may be touched */
    bool is_lazy;  /* its pages are mapped as they are touched */
};

/** A call of `enter` that has not returned. */
struct enter_frame {
    void *jump[JUMP_WORDS];
    struct wasm_fault *fault;
    struct enter_frame *outer;
};

static struct reservation reservations[RESERVATIONS];
static uint64_t next_base = PROGRAM_MAPPINGS_END;
static struct enter_frame *innermost;
static uint64_t lazy_bytes; /* allocations of this size are lazy: the Wasm stack */
static bool ran_out;        /* a lazy page could not be paid for */
static uint8_t trap_stack[TRAP_STACK_BYTES] __attribute__((aligned(16)));

static struct reservation *find_reservation(uint64_t address)
{
    for (size_t i = 0; i < RESERVATIONS; i++) {
        if (address - reservations[i].base < reservations[i].size) {
            return &reservations[i];
        }
    }
    return NULL;
}

static void *reserve(void *context, size_t size)
{
    (void)context;
    if (size > MN_USER_LIMIT - MN_PAGE_SIZE - GAP_BYTES - next_base) {
        return NULL;
    }
    for (size_t i = 0; i < RESERVATIONS; i++) {
        if (reservations[i].size == 0) {
            reservations[i] = (struct reservation){.base = next_base, .size = size};
            next_base += (size + 2 * GAP_BYTES - 1) & ~(GAP_BYTES - 1);
            return (void *)reservations[i].base;
        }
    }
    return NULL;
}

/** Would the account have enough left for the engine's own needs? */
static bool leaves_enough(uint64_t size)
{
    struct mn_cap_info account;

    return sys_cap_info(PROGRAM_SLOT_MEMORY, &account) == MN_OK &&
           account.a - account.b >= (size >> MN_PAGE_SHIFT) + PAGES_KEPT;
}

static bool commit(void *context, void *base, size_t size)
{
    uint64_t address = (uintptr_t)base;
    struct reservation *reservation = find_reservation(address);

    (void)context;
    if (reservation == NULL || !leaves_enough(size) || !pages_map(address, size)) {
        return false;
    }
    reservation->committed = address + size - reservation->base;
    return true;
}

static void unreserve(void *context, void *base, size_t size)
{
    struct reservation *reservation = find_reservation((uintptr_t)base);

    (void)context;
    (void)size;
    if (reservation != NULL) {
        pages_unmap(reservation->base, reservation->committed);
        *reservation = (struct reservation){0};
    }
}

/** Where the handler sends a thread that faulted in a reservation. */
static _Noreturn void escape(void)
{
    __builtin_longjmp(innermost->jump, 1);
}

static void fill_fault(struct wasm_fault *fault, const struct mn_trap_frame *frame)
{
    *fault = (struct wasm_fault){
        .address = frame->address,
        .program_counter = frame->rip,
        .registers = {frame->rax, frame->rcx, frame->rdx, frame->rbx, frame->rsp,
                      frame->rbp, frame->rsi, frame->rdi, frame->r8, frame->r9,
                      frame->r10, frame->r11, frame->r12, frame->r13, frame->r14,
                      frame->r15}};
}

/** Maps the page of a lazy reservation that was touched. */
static bool map_touched(const struct reservation *reservation, uint64_t address)
{
    bool is_in_use = address - reservation->base < reservation->committed;

    if (!reservation->is_lazy || !is_in_use) {
        return false;
    }
    ran_out = !pages_map(address & ~(MN_PAGE_SIZE - 1), MN_PAGE_SIZE);
    return !ran_out;
}

/** What is not a fault in a reservation is a bug: it happens again, without a handler. */
static void on_trap(struct mn_trap_frame *frame)
{
    const struct reservation *reservation =
        frame->vector == MN_TRAP_PAGE_FAULT ? find_reservation(frame->address) : NULL;

    if (reservation != NULL && map_touched(reservation, frame->address)) {
        return;
    }
    if (reservation == NULL || innermost == NULL) {
        mnos_trap_handler_clear();
        return;
    }
    fill_fault(innermost->fault, frame);
    frame->rip = (uintptr_t)escape;
    frame->rsp = ((frame->rsp - RED_ZONE_BYTES) & ~15ull) - 8; /* as behind a call */
    frame->rflags = MN_RFLAGS_ALWAYS;
}

static bool enter(void *context, void (*function)(void *argument), void *argument,
                  struct wasm_fault *out_fault)
{
    struct enter_frame frame = {.fault = out_fault, .outer = innermost};

    (void)context;
    if (__builtin_setjmp(frame.jump) != 0) {
        innermost = innermost->outer;
        return false;
    }
    innermost = &frame;
    function(argument);
    innermost = innermost->outer;
    return true;
}

/** The Wasm stack: as much of it is mapped as calls are deep. */
static void *allocate_lazily(void *context, size_t size)
{
    void *base = reserve(context, size);

    if (base != NULL) {
        struct reservation *reservation = find_reservation((uintptr_t)base);
        reservation->is_lazy = true;
        reservation->committed = size;
    }
    return base;
}

static void *allocate(void *context, size_t size)
{
    return size == lazy_bytes ? allocate_lazily(context, size) : heap_allocate(size);
}

static void release(void *context, void *pointer, size_t size)
{
    if (find_reservation((uintptr_t)pointer) != NULL) {
        unreserve(context, pointer, size);
    } else {
        heap_release(pointer);
    }
}

static void *reallocate(void *context, void *pointer, size_t old_size, size_t new_size)
{
    if (find_reservation((uintptr_t)pointer) == NULL) {
        return heap_reallocate(pointer, new_size);
    }
    void *moved = heap_allocate(new_size);
    if (moved != NULL) {
        memcpy(moved, pointer, old_size < new_size ? old_size : new_size);
        unreserve(context, pointer, old_size);
    }
    return moved;
}

const char *platform_open(uint64_t stack_bytes)
{
    lazy_bytes = stack_bytes;
    if (!heap_open()) {
        return "its account can't pay for a heap";
    }
    return mnos_trap_handler_set(on_trap, trap_stack, sizeof(trap_stack)) == MN_OK
               ? NULL
               : "no handler of faults";
}

struct wasm_platform platform(void)
{
    return (struct wasm_platform){.allocate = allocate,
                                  .release = release,
                                  .reallocate = reallocate,
                                  .reserve = reserve,
                                  .commit = commit,
                                  .unreserve = unreserve,
                                  .enter = enter};
}

bool platform_ran_out(void)
{
    return ran_out;
}

void *platform_allocate_zeroed(size_t size)
{
    void *pointer = heap_allocate(size);

    return pointer == NULL ? NULL : memset(pointer, 0, size);
}

void platform_release(void *pointer)
{
    heap_release(pointer);
}
