/**
 * ipc_messages.c - the model's SEND, CALL, RECV and REPLY_RECV.
 */
#include "abi/rights.h"
#include "ipc/endpoint.h"
#include "ipc/message.h"
#include "model/ipc_kernel.h"

static uint64_t do_call(struct slot *slot)
{
    mn_status status = message_check(thread_current());

    return status == MN_OK ? endpoint_call(slot) : status;
}

static uint64_t do_reply_receive(struct slot *slot)
{
    mn_status status = message_check(thread_current());

    return status == MN_OK ? endpoint_reply_receive(slot) : status;
}

/** A slot of the thread's that is Empty, or not; now and then any. */
static unsigned choose_slot(int self, bool empty)
{
    unsigned slot = ipc_below(SLOTS);

    for (unsigned i = 0; i < SLOTS; i++) {
        const struct plain_cap *cap =
            &ipc_world->plain.caps[self * SLOTS + (int)((slot + i) % SLOTS)];

        if ((slot + i) % SLOTS != 0 && (cap->object == NONE) == empty) {
            return (slot + i) % SLOTS;
        }
    }
    return slot;
}

/** The registers and the buffer hold a message, in the tables as well. */
static void compose(int self, int cap, bool rich)
{
    struct trap_frame *frame = &ipc_world->threads[self]->frame;
    struct plain_thread *plain = &ipc_world->plain.threads[self];
    uint64_t seed = (uint64_t)ipc_below(256) << 20 | (uint64_t)self << 40;

    plain->badge = ipc_world->plain.caps[cap].badge;
    plain->info = MN_MESSAGE_INFO(seed + 9);
    for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
        plain->words[n] = seed + n;
    }
    if (rich && ipc_below(2) == 0) {
        plain->info |= MN_MESSAGE_MORE(ipc_below(57)) | MN_MESSAGE_CAPS(ipc_below(5));
        for (unsigned n = 0; n < MN_MESSAGE_MORE_WORDS; n++) {
            plain->buffer->words[n] = ~seed - n;
        }
        for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
            bool moves = ipc_below(2) == 0;
            uint32_t rights = ipc_below(2) == 0 ? MN_RIGHTS_SAME : ipc_below(32);

            plain->buffer->send[n] = (struct mn_ipc_cap){
                ipc_below(16) == 0 ? ipc_below(SLOTS) : choose_slot(self, false),
                moves ? 0 : rights, moves};
            plain->buffer->receive[n] =
                ipc_below(8) == 0 ? MN_CNODE_INITIAL_SLOTS : choose_slot(self, true);
        }
    }
    plain->info |= rich && ipc_below(8) == 0 ? MN_MESSAGE_NO_WAIT : 0;
    plain->deadline = rich && ipc_below(2) == 0;
    plain->info |= plain->deadline ? MN_MESSAGE_DEADLINE : 0;
    frame->r15 = fake_cpu.now_ns + 1;
    frame->rsi = plain->info;
    frame->rdx = plain->words[0];
    frame->r10 = plain->words[1];
    frame->r8 = plain->words[2];
    frame->r9 = plain->words[3];
    frame->rbx = plain->words[4];
    frame->r12 = plain->words[5];
    frame->r13 = plain->words[6];
    frame->r14 = plain->words[7];
}

/** The first in a queue is a receiver, or a sender. */
static bool has(int object, bool receiver)
{
    const struct numbers *queue = &ipc_world->plain.queues[object];

    return queue->count > 0 &&
           (ipc_world->plain.threads[queue->items[0]].state >= RECEIVES) == receiver;
}

/** @p from's call, on no queue any more, is @p to's to reply to. */
static void hand_over_call(int from, int to)
{
    plain_transfer(&ipc_world->plain, from, to);
    plain_cut_reply(&ipc_world->plain, to);
    ipc_world->plain.threads[from].state = CALLED;
    ipc_world->plain.threads[from].called = to;
    ipc_world->plain.threads[to].owes = from;
    ipc_world->plain.threads[to].state = IDLE;
}

/** SEND's three words, as they arrive. */
static void hand_over_sent(int from, int to)
{
    struct plain_thread *sender = &ipc_world->plain.threads[from];
    struct plain_thread *receiver = &ipc_world->plain.threads[to];
    struct plain_result *result = &receiver->result;
    uint64_t label = sender->info;

    sender->info = receiver->state == RECEIVES ? label : MN_MESSAGE_INFO(label);
    *result =
        (struct plain_result){.told = true, .message = true, .info = sender->info};
    result->brief = receiver->state == RECEIVES;
    result->rdi = sender->badge;
    result->words[0] = sender->words[0];
    result->words[1] = sender->words[1];
    receiver->state = IDLE;
    ipc_world->plain.arrived++;
}

void ipc_step_send(int self, bool call)
{
    int cap = ipc_choose_cap(self, true, MN_RIGHT_WRITE);
    int object;
    uint64_t status;

    if (cap == NONE) {
        return;
    }
    object = ipc_world->plain.caps[cap].object;
    compose(self, cap, call);
    status = call ? plain_check(&ipc_world->plain, self) : MN_OK;
    if (status != MN_OK) {
        ipc_tell(self, status);
    } else if (has(object, true)) {
        int receiver = plain_take(&ipc_world->plain, object);

        ipc_tell(self, MN_OK);
        if (call) {
            hand_over_call(self, receiver);
        } else {
            hand_over_sent(self, receiver);
        }
    } else if (object < ENDPOINTS &&
               ((struct endpoint *)ipc_world->objects[object])->readers == 0) {
        ipc_tell(self, MN_ERROR_NO_ENDPOINT);
    } else if (call &&
               (ipc_world->plain.threads[self].info & MN_MESSAGE_NO_WAIT) != 0) {
        ipc_tell(self, MN_ERROR_WOULD_BLOCK);
    } else {
        ipc_wait_in(self, cap, call ? CALLS : SENDS);
    }
    ipc_call_kernel(call ? do_call : endpoint_send, ipc_slot(cap));
}

static void take_message(int self, int object)
{
    int sender = plain_take(&ipc_world->plain, object);

    if (ipc_world->plain.threads[sender].state == SENDS) {
        hand_over_sent(sender, self);
        plain_wake(&ipc_world->plain, sender, MN_OK);
    } else {
        hand_over_call(sender, self);
    }
}

static void reply(int self)
{
    int caller = ipc_world->plain.threads[self].owes;

    if (caller == NONE) {
        return;
    }
    ipc_world->plain.threads[self].badge = 0;
    ipc_world->plain.threads[self].owes = NONE;
    ipc_world->plain.threads[caller].called = NONE;
    plain_transfer(&ipc_world->plain, self, caller);
    ipc_world->plain.threads[caller].state = IDLE;
}

static uint64_t take_bound(int self)
{
    uint64_t bits = 0;

    for (int i = ENDPOINTS; i < OBJECTS; i++) {
        if (ipc_world->plain.bound[i] == self) {
            bits = ipc_world->plain.bits[i];
            ipc_world->plain.bits[i] = 0;
        }
    }
    return bits;
}

/** What REPLY_RECV does once the reply is given. */
static void expect_reply_receive(int self, int cap, int object)
{
    struct plain_thread *plain = &ipc_world->plain.threads[self];
    bool waits = (plain->info & MN_MESSAGE_NO_WAIT) == 0;
    uint64_t bits;

    if (ipc_world->plain.caps[cap].object == NONE) {
        ipc_tell(self, MN_ERROR_INVALID_SLOT);
        return;
    }
    bits = take_bound(self);
    plain->state = REPLY_RECEIVES;
    if (bits != 0) {
        plain->state = IDLE;
        plain->result = (struct plain_result){
            .told = true, .message = true, .rdi = bits, .info = MN_MESSAGE_SIGNAL};
    } else if (has(object, false)) {
        take_message(self, object);
    } else if (waits) {
        ipc_wait_in(self, cap, REPLY_RECEIVES);
    } else {
        plain->state = IDLE;
        ipc_tell(self, MN_ERROR_WOULD_BLOCK);
    }
}

void ipc_step_receive(int self, bool replies)
{
    int cap = ipc_choose_cap(self, true, MN_RIGHT_READ);
    int object;
    uint64_t status = MN_OK;

    if (cap == NONE) {
        return;
    }
    object = ipc_world->plain.caps[cap].object;
    compose(self, cap, replies);
    if (replies) {
        status = plain_check(&ipc_world->plain, self);
    }
    if (status != MN_OK) {
        ipc_tell(self, status);
    } else if (replies) {
        reply(self);
        expect_reply_receive(self, cap, object);
    } else if (has(object, false)) {
        ipc_world->plain.threads[self].state = RECEIVES;
        take_message(self, object);
    } else {
        ipc_wait_in(self, cap, RECEIVES);
    }
    ipc_call_kernel(replies ? do_reply_receive : endpoint_receive, ipc_slot(cap));
}
