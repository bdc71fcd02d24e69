/**
 * ipc_world.h - the tables of ipc_model.c, and what happens in them without the kernel.
 */
#ifndef TESTS_MODEL_IPC_WORLD_H
#define TESTS_MODEL_IPC_WORLD_H

#include "abi/ipc_message.h"
#include "model/choices.h"
#include "model/numbers.h"

enum {
    THREADS = 5,
    SLOTS = 14, /**< of each thread, of which it has slots 1 and on */
    ENDPOINTS = 2,
    OBJECTS = 4,             /**< endpoints, then notifications */
    ROOTS = THREADS * SLOTS, /**< capabilities of nobody: two of each object */
    CAPS = ROOTS + 2 * OBJECTS,
    NONE = -1,
    BADGES = 4,
    GONE_BITS =
        0x100 /**< what the watch of endpoint 0 signals on the first notification */
};

/** What a slot should hold. */
struct plain_cap {
    int object; /**< NONE: it is Empty */
    uint32_t rights;
    uint64_t badge;
    int parent; /**< the capability that it was made of, or NONE */
};

enum plain_state { IDLE, SENDS, CALLS, CALLED, RECEIVES, REPLY_RECEIVES, WAITS };

/** What a thread will find when it runs again. */
struct plain_result {
    bool told; /**< there is something to find */
    uint64_t status;
    bool message; /**< in RSI and words 0 to 7, or (short) in RSI, RDX */
    bool brief;   /**< of RECV: rdi, rsi, rdx, r10 alone */
    uint64_t rdi, info, words[MN_MESSAGE_WORDS];
    unsigned more;
    uint64_t more_words[MN_MESSAGE_MORE_WORDS];
    bool signals; /**< RDI is told */
};

struct plain_thread {
    enum plain_state state;
    int via; /**< while it waits in a queue: the capability that it came by */
    uint64_t badge;
    uint64_t info, words[MN_MESSAGE_WORDS]; /**< what it sends */
    int owes, called;                       /**< threads, or NONE */
    bool mapped;
    bool deadline; /**< of what it waits for */
    struct mn_ipc_buffer *buffer;
    struct plain_result result;
};

struct plain_world {
    struct plain_cap caps[CAPS];
    struct plain_thread threads[THREADS];
    struct numbers queues[OBJECTS]; /**< who waits there, the first first */
    uint64_t bits[OBJECTS];
    int bound[OBJECTS]; /**< a thread, or NONE */
    uint64_t gone[BADGES];
    unsigned gone_count;
    unsigned arrived;   /**< messages */
    unsigned travelled; /**< capabilities */
};

void plain_open(struct plain_world *world);

/** The thread's wait ends, with a status alone. */
void plain_wake(struct plain_world *world, int thread, uint64_t status);

void plain_signal(struct plain_world *world, int object, uint64_t bits);

/** One capability goes; or moves; or is copied. */
void plain_drop(struct plain_world *world, int cap);
void plain_move(struct plain_world *world, int source, int target);
void plain_copy(struct plain_world *world, int source, int target, uint32_t rights,
                uint64_t badge);

/** What message_check() has to answer for a thread's own message. */
uint64_t plain_check(const struct plain_world *world, int thread);

/** A message goes from one thread, which is on no queue, to another, likewise. */
void plain_transfer(struct plain_world *world, int from, int to);

/** The first waiting thread in a queue, taken out; its queue is not empty. */
int plain_take(struct plain_world *world, int object);

/** Who waits for the reply of a thread hears that none will come. */
void plain_cut_reply(struct plain_world *world, int thread);

/** A thread and all that it holds are gone; it begins anew. */
void plain_kill(struct plain_world *world, int thread);

#endif
