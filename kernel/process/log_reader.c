/**
 * log_reader.c - see log_reader.h.
 */
#include "process/log_reader.h"

#include "abi/syscall.h"
#include "sched/thread.h"

static struct list_node waiters;

void log_reader_init(void)
{
    list_init(&waiters);
}

void log_reader_wait(void)
{
    thread_block_to_restart(&waiters);
}

void log_reader_notify(void)
{
    /* RAX is the call's number again, RIP points at its SYSCALL instruction. */
    thread_wake_all(&waiters, MN_SYS_READ_LOG);
}
