/**
 * calls.c - scenarios that call, serve, and wait for signals.
 */
#include "guest/common/call_all.h"
#include "guest/hostile/hostile.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"

/** The call number @p i by slot 1; a reply has each word one higher. */
static uint64_t call_number(uint64_t i)
{
    struct call_image image = {
        .slot = CHILD_SLOT_ENDPOINT, .mxcsr = 0x1f80, .x87_control = 0x37f};
    uint64_t status;

    for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
        image.words[n] = i * MN_MESSAGE_WORDS + n;
    }
    status = call_all(MN_SYS_CALL, &image);
    for (unsigned n = 0; status == MN_OK && n < MN_MESSAGE_WORDS; n++) {
        if (image.words[n] != i * MN_MESSAGE_WORDS + n + 1) {
            return SCENARIO_BAD;
        }
    }
    return status;
}

uint64_t scenario_call(uint64_t parameter)
{
    uint64_t status = MN_OK;

    for (uint64_t i = 0; status == MN_OK && i < parameter; i++) {
        status = call_number(i);
    }
    return status;
}

uint64_t scenario_call_for_ever(uint64_t parameter)
{
    uint64_t status = MN_OK;

    for (uint64_t i = 0; status == MN_OK || status == MN_ERROR_CANCELLED; i++) {
        status = call_number(i);
        shared()->counter[parameter] += status == MN_OK;
    }
    return status;
}

static uint64_t end_as_server(enum server_end how)
{
    struct mn_message message;

    shared()->words[0] = 1;
    switch (how) {
    case SERVER_EXITS:
        break;
    case SERVER_FAULTS:
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the fault is wanted */
        *(volatile uint64_t *)0 = 0;
        break;
    case SERVER_YIELDS:
        for (;;) {
            sys_yield();
        }
    case SERVER_BLOCKS:
        return sys_recv(CHILD_SLOT_EXTRA, &message);
    case SERVER_TAKES_ANOTHER:
        return sys_recv(CHILD_SLOT_ENDPOINT, &message);
    }
    return SCENARIO_GOOD;
}

/** Serves calls from slot 1, takes one more, and ends as its parameter says. */
uint64_t scenario_serve(uint64_t parameter)
{
    struct call_image image = {.mxcsr = 0x1f80, .x87_control = 0x37f};

    for (uint64_t i = 0; i <= SERVER_COUNT(parameter); i++) {
        uint64_t status;

        image.slot = CHILD_SLOT_ENDPOINT;
        image.info = 0;
        status = call_all(MN_SYS_REPLY_RECV, &image);
        if (status != MN_OK) {
            return status;
        }
        for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
            image.words[n]++;
        }
    }
    return end_as_server(SERVER_END(parameter));
}

/** WAIT_SIGNAL on slot 4 until all p bits were seen; or its error. */
uint64_t scenario_wait_signal(uint64_t parameter)
{
    uint64_t seen = 0;
    uint64_t bits;

    while (seen != parameter) {
        mn_status status = sys_wait_signal(CHILD_SLOT_EXTRA, 0, &bits);

        if (status != MN_OK) {
            return status;
        }
        seen |= bits;
    }
    return SCENARIO_GOOD;
}

/** SIGNALs bit 0 by slot 4 p times, and counts them. */
uint64_t scenario_signal(uint64_t parameter)
{
    for (uint64_t i = 0; i < parameter; i++) {
        mn_status status = sys_signal(CHILD_SLOT_EXTRA, 1);

        if (status != MN_OK) {
            return status;
        }
    }
    return SCENARIO_GOOD;
}
