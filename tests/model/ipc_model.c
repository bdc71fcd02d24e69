/**
 * ipc_model.c - see ipc_model.h.
 */
#include "model/ipc_model.h"

#include "abi/rights.h"
#include "fake_machine.h"
#include "ipc/badge_watch.h"
#include "ipc/notification.h"
#include "model/ipc_kernel.h"

struct ipc_world *ipc_world;

const struct object_ops *const object_ops[MN_CAP_TYPES] = {
    [MN_CAP_ENDPOINT] = &endpoint_ops,
    [MN_CAP_NOTIFICATION] = &notification_ops,
};

unsigned ipc_below(unsigned limit)
{
    return choices_below(ipc_world->choices, limit);
}

struct slot *ipc_slot(int cap)
{
    return cap >= ROOTS
               ? &ipc_world->roots[cap - ROOTS]
               : cnode_slot(&ipc_world->cnodes[cap / SLOTS], (uint64_t)(cap % SLOTS));
}

/* --- the kernel, called as by the entry code --- */

static int current_number(void)
{
    for (int i = 0; i < THREADS; i++) {
        if (ipc_world->threads[i] == fake_cpu.cpu.current) {
            return i;
        }
    }
    return NONE;
}

static void check_words(const struct thread *thread, const struct plain_result *result)
{
    const struct trap_frame *frame = &thread->frame;
    const uint64_t words[] = {frame->rdx, frame->r10, frame->r8,  frame->r9,
                              frame->rbx, frame->r12, frame->r13, frame->r14};

    if (result->brief) {
        require(frame->rdi == result->info && frame->rsi == result->words[0] &&
                frame->rdx == result->words[1] && frame->r10 == result->rdi);
        return;
    }
    require(frame->rdi == result->rdi && frame->rsi == result->info);
    require(memcmp(words, result->words, sizeof(words)) == 0);
}

/** Somebody runs, whom the tables let run, and finds what they say. */
static void check_current(void)
{
    int number = current_number();
    struct plain_thread *plain;

    require(!fake_cpu.lock_held);
    if (number == NONE) {
        for (int i = 0; i < THREADS; i++) {
            require(ipc_world->plain.threads[i].state != IDLE);
        }
        return;
    }
    plain = &ipc_world->plain.threads[number];
    require(plain->state == IDLE);
    if (plain->result.told) {
        const struct thread *thread = ipc_world->threads[number];

        require(thread->frame.rax == plain->result.status);
        require(!plain->result.signals || thread->frame.rdi == plain->result.rdi);
        if (plain->result.message) {
            check_words(thread, &plain->result);
            require(memcmp(plain->buffer->words, plain->result.more_words,
                           plain->result.more * sizeof(uint64_t)) == 0);
        }
    }
    plain->result.told = false;
}

void ipc_call_kernel(uint64_t (*call)(struct slot *), struct slot *slot)
{
    fake_cpu.lock_held = true;
    if (setjmp(fake_cpu.ring_3) == 0) {
        struct thread *self = fake_cpu.cpu.current;

        self->frame.rax = scheduler_end_direct(call(slot));
        fake_cpu.lock_held = false;
    }
    check_current();
}

void ipc_run_idle(void)
{
    fake_cpu.lock_held = true;
    if (setjmp(fake_cpu.ring_3) == 0) {
        scheduler_run();
    }
    check_current();
}

int ipc_choose_cap(int self, bool endpoint, uint32_t right)
{
    int first = (int)ipc_below(SLOTS);

    for (int i = 0; i < SLOTS; i++) {
        int cap = self * SLOTS + (first + i) % SLOTS;
        const struct plain_cap *plain = &ipc_world->plain.caps[cap];

        if (plain->object != NONE && (plain->object < ENDPOINTS) == endpoint &&
            (plain->rights & right) == right) {
            return cap;
        }
    }
    return NONE;
}

void ipc_wait_in(int self, int cap, enum plain_state state)
{
    struct plain_thread *plain = &ipc_world->plain.threads[self];
    int object = ipc_world->plain.caps[cap].object;

    plain->state = state;
    plain->via = cap;
    numbers_push(&ipc_world->plain.queues[object], self, false);
}

void ipc_tell(int self, uint64_t status)
{
    ipc_world->plain.threads[self].result =
        (struct plain_result){.told = true, .status = status};
}

/* --- both sides are alike --- */

static void check_cap(int cap)
{
    const struct plain_cap *plain = &ipc_world->plain.caps[cap];
    const struct slot *slot = ipc_slot(cap);
    const struct cap_node *parent;

    require(slot_is_empty(slot) == (plain->object == NONE));
    if (plain->object == NONE) {
        return;
    }
    parent = plain->parent == NONE ? NULL : &ipc_slot(plain->parent)->node;
    require(slot->object == ipc_world->objects[plain->object]);
    require(slot_rights(slot) == plain->rights && slot->value == plain->badge);
    require(derivation_parent(&slot->node) == parent);
}

static void check_thread(int number)
{
    const struct plain_thread *plain = &ipc_world->plain.threads[number];
    const struct thread *thread = ipc_world->threads[number];
    bool running = thread == fake_cpu.cpu.current;

    require((plain->state == IDLE) == (running || thread->state == THREAD_READY));
    require((plain->state == CALLED) == (thread->state == THREAD_CALLED));
    require(thread->replies_to ==
            (plain->owes == NONE ? NULL : ipc_world->threads[plain->owes]));
    require(plain->called == NONE || plain->state == CALLED);
}

static void check_all(void)
{
    for (int i = 0; i < CAPS; i++) {
        if (i >= ROOTS || i % SLOTS != 0) {
            check_cap(i);
        }
    }
    for (int i = 0; i < THREADS; i++) {
        check_thread(i);
    }
}

static void *find_writable(uint64_t cr3, uint64_t virtual)
{
    int number = (int)((const struct address_space *)cr3 - ipc_world->spaces);

    return ipc_world->plain.threads[number].mapped ? (void *)virtual : NULL;
}

static void make_thread(int number)
{
    struct thread *thread = aligned_alloc(64, FRAME_BYTES);

    require(thread != NULL &&
            cnode_create(&ipc_world->cnodes[number], &ipc_world->account));
    memset(thread, 0, FRAME_BYTES);
    thread_init(thread, 0x400000, 0x800000, 0);
    list_init(&thread->queue);
    thread->cr3 = (uint64_t)&ipc_world->spaces[number];
    thread->cnode = &ipc_world->cnodes[number];
    thread->buffer.space = &ipc_world->spaces[number];
    thread->buffer.virtual = (uint64_t)&ipc_world->buffers[number];
    ipc_world->plain.threads[number].buffer = &ipc_world->buffers[number];
    ipc_world->threads[number] = thread;
    scheduler_ready(thread);
}

static void open_world(struct choices *choices)
{
    ipc_world = calloc(1, sizeof(*ipc_world));
    require(ipc_world != NULL);
    ipc_world->buffers =
        aligned_alloc(MN_IPC_BUFFER_SIZE, THREADS * MN_IPC_BUFFER_SIZE);
    require(ipc_world->buffers != NULL);
    memset(ipc_world->buffers, 0, THREADS * MN_IPC_BUFFER_SIZE);
    ipc_world->choices = choices;
    fake_machine_open(64);
    fake_cpu_open();
    fake_cpu.find_writable = find_writable;
    scheduler_init_cpu(&fake_cpu.cpu, &ipc_world->queue);
    account_init(&ipc_world->account, &physical_memory, 1, 60);
    plain_open(&ipc_world->plain);
    for (int i = 0; i < OBJECTS; i++) {
        ipc_world->objects[i] = i < ENDPOINTS
                                    ? (void *)endpoint_create(&ipc_world->account)
                                    : (void *)notification_create(&ipc_world->account);
        require(ipc_world->objects[i] != NULL);
        ipc_install(ROOTS + i, i, MN_RIGHTS_ALL & ~MN_RIGHT_READ);
    }
    capability_install(&ipc_world->watch, NULL,
                       SLOT_WORD(MN_CAP_NOTIFICATION, MN_RIGHT_WRITE),
                       ipc_world->objects[ENDPOINTS], GONE_BITS);
    notification_ops.retain(&ipc_world->watch);
    require(badge_watch_bind(ipc_world->objects[0], &ipc_world->watch) == MN_OK);
    for (int i = 0; i < THREADS; i++) {
        make_thread(i);
    }
}

static void close_world(void)
{
    for (int i = 0; i < CAPS; i++) {
        if ((i >= ROOTS || i % SLOTS != 0) && !slot_is_empty(ipc_slot(i))) {
            while (capability_shrink(ipc_slot(i))) {
            }
            capability_drop(ipc_slot(i));
        }
    }
    capability_drop(&ipc_world->watch);
    for (int i = 0; i < THREADS; i++) {
        cnode_destroy(&ipc_world->cnodes[i]);
        free(ipc_world->threads[i]);
    }
    require(ipc_world->account.used_frames == 0);
    fake_machine_close();
    free(ipc_world->buffers);
    free(ipc_world);
}

unsigned ipc_model_run(struct choices *choices, unsigned steps)
{
    unsigned arrived;

    open_world(choices);
    for (unsigned i = 0; i < steps && choices_left(choices); i++) {
        ipc_step(current_number());
        check_all();
    }
    arrived = ipc_world->plain.arrived + ipc_world->plain.travelled;
    close_world();
    return arrived;
}
