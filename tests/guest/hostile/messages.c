/**
 * messages.c - scenarios that send, receive and yield.
 */
#include "guest/hostile/hostile.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

uint64_t scenario_send(uint64_t parameter)
{
    for (uint64_t i = 0; i < parameter; i++) {
        mn_status status = sys_send(CHILD_SLOT_ENDPOINT, i, 2 * i, ~i);

        if (status != MN_OK) {
            return status;
        }
    }
    return SCENARIO_GOOD;
}

uint64_t scenario_receive(uint64_t parameter)
{
    for (uint64_t i = 0; i < parameter; i++) {
        struct mn_message message;
        mn_status status = sys_recv(CHILD_SLOT_ENDPOINT, &message);

        if (status != MN_OK) {
            return status;
        }
        if (message.label != i || message.data0 != 2 * i || message.data1 != ~i) {
            return SCENARIO_BAD;
        }
    }
    return SCENARIO_GOOD;
}

uint64_t scenario_echo(uint64_t parameter)
{
    for (uint64_t i = 0; i < parameter; i++) {
        struct mn_message message;
        mn_status status = sys_recv(CHILD_SLOT_ENDPOINT, &message);

        if (status == MN_OK) {
            status =
                sys_send(CHILD_SLOT_EXTRA, message.label, message.data0, message.data1);
        }
        if (status != MN_OK) {
            return status;
        }
    }
    return SCENARIO_GOOD;
}

uint64_t scenario_receive_one(uint64_t parameter)
{
    struct mn_message message;
    mn_status status;

    (void)parameter;
    status = sys_recv(CHILD_SLOT_ENDPOINT, &message);
    if (status != MN_OK) {
        return status;
    }
    shared()->words[0] = message.label;
    shared()->words[1] = message.data0;
    shared()->words[2] = message.data1;
    shared()->words[3] = message.badge;
    return SCENARIO_GOOD;
}

uint64_t scenario_yield_order(uint64_t parameter)
{
    while (shared()->go == 0) {
        sys_yield();
    }
    for (unsigned i = 0; i < 8; i++) {
        uint64_t at = shared()->log_used;

        shared()->log[at] = parameter;
        shared()->log_used = at + 1;
        sys_yield();
    }
    return SCENARIO_GOOD;
}
