/**
 * run_queue.h - who is ready, in lists by priority; within one the first comes first.
 *
 * Every call takes a bounded number of steps. Lock: the owner's.
 */
#ifndef CORE_RUN_QUEUE_H
#define CORE_RUN_QUEUE_H

#include "core/bits.h"
#include "core/list.h"
#include "core/thread_operation.h"

struct run_queue {
    uint64_t occupied; /**< bit n: the list of priority n is not empty */
    struct list_node lists[THREAD_PRIORITIES];
};

/** Makes it empty. */
static inline void run_queue_init(struct run_queue *queue)
{
    queue->occupied = 0;
    for (unsigned i = 0; i < THREAD_PRIORITIES; i++) {
        list_init(&queue->lists[i]);
    }
}

/** Is somebody there who is better than this priority (or @p equal: as good)? */
static inline bool run_queue_has(const struct run_queue *queue, uint32_t priority,
                                 bool equal)
{
    return queue->occupied >> priority >> (equal ? 0 : 1) != 0;
}

/** Puts @p node before the others of its priority, or behind them. */
static inline void run_queue_insert(struct run_queue *queue, struct list_node *node,
                                    uint32_t priority, bool first)
{
    struct list_node *list = &queue->lists[priority];

    if (first) {
        list_insert_after(list, node);
    } else {
        list_insert_before(list, node);
    }
    queue->occupied |= 1ull << priority;
}

/** Takes @p node, which is there, out. */
static inline void run_queue_remove(struct run_queue *queue, struct list_node *node,
                                    uint32_t priority)
{
    list_remove(node);
    if (list_is_empty(&queue->lists[priority])) {
        queue->occupied &= ~(1ull << priority);
    }
}

/** The list of the best; an empty one, if the queue is. */
static inline struct list_node *run_queue_best(struct run_queue *queue)
{
    return &queue->lists[bits_highest_set(queue->occupied | 1)];
}

#endif
