/**
 * donor.c - a client that closes its account in the middle of a request, and its server.
 *
 * The client calls with an account, from which the server takes what it keeps for the
 * request, and with a frame of it, which the server maps: both may be gone at any instruction. The
 * server touches what it does not pay for under a trap handler, and cares for no status.
 */
#include "abi/user_memory_map.h"
#include "guest/hostile/hostile.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/trap.h"

enum {
    THEIR_ACCOUNT = 20, /* slots */
    THEIR_FRAME,
    KEPT_FRAME,
    KEPT_ENDPOINT,
    DONATED_ACCOUNT,
    OWN_FRAME,
    YIELDS = 4,
    CLOSER_YIELDS = 24,
    DONATED_FRAMES = 16
};

#define THEIR_VADDR 0x30000000ul
#define KEPT_VADDR  0x30100000ul

static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));
static uint8_t trap_stack[2 * MNOS_TRAP_STACK_MIN] __attribute__((aligned(16)));
static uint64_t seed;

/** How many of @p limit; xorshift64. */
static uint64_t choose(uint64_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % limit;
}

/** Lets others run, now and then. */
static void pause_somewhere(void)
{
    for (uint64_t i = choose(YIELDS); i > 0; i--) {
        sys_yield();
    }
}

/* The one instruction that may fault, and the one behind it. */
extern const char donor_touch[];
extern const char donor_touched[];

/** Adds 1 to a word that may not be there; what it was, or @p fallback. */
static __attribute__((noinline)) uint64_t touch(uint64_t address, uint64_t fallback)
{
    uint64_t value = 1;

    __asm__ volatile(".globl donor_touch, donor_touched\n"
                     "donor_touch:\n\tlock xaddq %0, (%1)\n"
                     "donor_touched:"
                     : "+a"(value)
                     : "d"(address), "c"(fallback)
                     : "memory", "cc");
    return value;
}

static void on_trap(struct mn_trap_frame *frame)
{
    if (frame->rip != (uint64_t)donor_touch) {
        sys_exit(SCENARIO_BAD);
    }
    frame->rip = (uint64_t)donor_touched;
    frame->rax = frame->rcx;
    shared()->counter[2]++;
}

/** Uses what came with a request; true: all of it was there to the end. */
static bool use(const struct mnos_message *message)
{
    bool good = message->received[0] != 0 && message->received[1] != 0;

    good &= sys_map_memory(CHILD_SLOT_SELF, THEIR_FRAME, THEIR_VADDR,
                           MN_MAP_WRITABLE) == MN_OK;
    pause_somewhere();
    good &= touch(THEIR_VADDR, ~0ull) == 0;
    good &= sys_alloc_memory(THEIR_ACCOUNT, KEPT_FRAME, 0) == MN_OK;
    good &= sys_create_endpoint(THEIR_ACCOUNT, KEPT_ENDPOINT) == MN_OK;
    pause_somewhere();
    good &= sys_map_memory(CHILD_SLOT_SELF, KEPT_FRAME, KEPT_VADDR, MN_MAP_WRITABLE) ==
            MN_OK;
    good &= touch(KEPT_VADDR, ~0ull) == 0;
    pause_somewhere();
    good &= touch(THEIR_VADDR, ~0ull) == 1;
    return good;
}

static void forget(void)
{
    (void)!sys_unmap_memory(CHILD_SLOT_SELF, THEIR_VADDR, 1);
    (void)!sys_unmap_memory(CHILD_SLOT_SELF, KEPT_VADDR, 1);
    for (uint64_t slot = THEIR_ACCOUNT; slot <= KEPT_ENDPOINT; slot++) {
        (void)sys_drop_cap(slot);
    }
}

/** Serves for ever: counter 0 counts requests, 1 those that went well, 2 faults. A request
 *  with label 1 is answered with its first word, and nothing else. */
uint64_t scenario_donee(uint64_t parameter)
{
    struct mnos_message message = {0};

    seed = parameter + 1;
    if (sys_set_buffer(&buffer) != MN_OK ||
        mnos_trap_handler_set(on_trap, trap_stack, sizeof(trap_stack)) != MN_OK) {
        return SCENARIO_BAD;
    }
    for (;;) {
        mn_status status;

        buffer.receive[0] = THEIR_ACCOUNT;
        buffer.receive[1] = THEIR_FRAME;
        status = mnos_message_reply_recv(&buffer, CHILD_SLOT_ENDPOINT, &message);
        if (status != MN_OK) {
            return status;
        }
        if (message.label == 0) {
            shared()->counter[0]++;
            shared()->counter[1] += use(&message);
            forget();
        }
    }
}

/* Set by the client's first thread, cleared by the second when the account is closed. */
static volatile bool is_to_close;

void donor_close(void)
{
    for (;;) {
        while (!is_to_close) {
            sys_yield();
        }
        for (uint64_t yields = choose(CLOSER_YIELDS); yields > 0; yields--) {
            sys_yield();
        }
        (void)!sys_close_account(DONATED_ACCOUNT);
        is_to_close = false;
    }
}

/** One request, in which all that the server is to use is taken away; MN_OK: the client
 *  could do its part. */
static mn_status request(void)
{
    struct mnos_message message = {.length = MN_MESSAGE_WORDS};
    mn_status status =
        sys_create_account(CHILD_SLOT_ACCOUNT, DONATED_ACCOUNT, DONATED_FRAMES);

    if (status == MN_OK) {
        status = sys_alloc_memory(DONATED_ACCOUNT, OWN_FRAME, 0);
    }
    if (status != MN_OK) {
        return status;
    }
    mnos_message_add_cap(&message, DONATED_ACCOUNT, 0);
    mnos_message_add_cap(&message, OWN_FRAME, 0);
    is_to_close = true;
    /* Too late for a capability that is gone, or served: both are fine. */
    (void)!mnos_message_call(&buffer, CHILD_SLOT_ENDPOINT, &message);
    while (is_to_close) {
        sys_yield();
    }
    return MN_OK;
}

/** Makes requests for ever, while another thread closes the account that each donates. */
uint64_t scenario_donor(uint64_t parameter)
{
    seed = (parameter + 1) * 0x9e3779b97f4a7c15ull;
    if (sys_set_buffer(&buffer) != MN_OK ||
        mn_is_error(start_thread(WORK_CLOSE_ACCOUNT, 0, 0))) {
        return SCENARIO_BAD;
    }
    for (;;) {
        mn_status status = request();

        if (status != MN_OK) {
            return status;
        }
    }
}
