/**
 * main.c - clock: the time of day (protocols/clock.h), from the CMOS clock.
 *
 * That one counts seconds. The service reads it as it starts, which tells the time to half a
 * second, and looks again every LOOK_NS until the second changes: from then on it knows
 * the time to LOOK_NS. A machine whose CPUs run at one rate keeps it.
 */
#include "mnos/clock.h"
#include "mnos/io.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "mnos/signal.h"
#include "protocols/clock.h"
#include "services/clock/rtc.h"
#include <stddef.h>

enum { PORT_ADDRESS = 0x70, PORT_DATA = 0x71, NMI_DISABLED = 0x80 };

#define NS_A_SECOND UINT64_C(1000000000)
#define LOOK_NS     UINT64_C(10000000)
#define EVENT_LOOK  1u

static const char name[] = "clock";

/** How often the bytes are read until two readings agree. */
enum { READ_TRIES = 1000 };

static bool is_known;
static uint64_t base_ns; /* from 1970 to the kernel clock's 0 */
static uint64_t resolution_ns;
static uint64_t first_seconds; /* what the RTC said at the start */
static uint64_t timer_slot;

int main(void);

static bool read_byte(uint8_t address, uint8_t *out_value)
{
    return sys_port_out(CLOCK_SLOT_RTC, PORT_ADDRESS, NMI_DISABLED | address) ==
               MN_OK &&
           sys_port_in(CLOCK_SLOT_RTC, PORT_DATA, out_value) == MN_OK;
}

static bool read_all(struct rtc_bytes *out_bytes)
{
    return read_byte(RTC_SECONDS, &out_bytes->seconds) &&
           read_byte(RTC_MINUTES, &out_bytes->minutes) &&
           read_byte(RTC_HOURS, &out_bytes->hours) &&
           read_byte(RTC_DAY, &out_bytes->day) &&
           read_byte(RTC_MONTH, &out_bytes->month) &&
           read_byte(RTC_YEAR, &out_bytes->year) &&
           read_byte(RTC_CENTURY, &out_bytes->century) &&
           read_byte(RTC_STATUS_B, &out_bytes->status_b);
}

/** The RTC's seconds since 1970: two readings that agree, none during an update. */
static bool read_seconds(uint64_t *out_seconds)
{
    struct rtc_bytes bytes;
    uint64_t before = UINT64_MAX;
    uint8_t status;

    for (unsigned i = 0; i < READ_TRIES; i++) {
        uint64_t seconds;

        if (!read_byte(RTC_STATUS_A, &status)) {
            return false;
        }
        if ((status & RTC_UPDATING) != 0) {
            continue;
        }
        if (!read_all(&bytes) || !rtc_decode(&bytes, &seconds)) {
            return false;
        }
        if (seconds == before) {
            *out_seconds = seconds;
            return true;
        }
        before = seconds;
    }
    return false;
}

static void set_base(uint64_t wall_ns, uint64_t resolution)
{
    base_ns = wall_ns - mnos_clock_ns();
    resolution_ns = resolution;
}

static void look_later(void)
{
    (void)!sys_set_timer(timer_slot, mnos_clock_ns() + LOOK_NS);
}

/** Has the second changed? */
static void look(void)
{
    uint64_t seconds;

    if (read_seconds(&seconds) && seconds != first_seconds) {
        set_base(seconds * NS_A_SECOND + LOOK_NS / 2, LOOK_NS);
    } else {
        look_later();
    }
}

static void request(void *context, struct mnos_message *message)
{
    (void)context;
    if (message->received[0] != 0) {
        (void)sys_drop_cap(message->received[0]); /* nobody asked for it */
    }
    if (message->label != CLOCK_WALL) {
        message->label = CLOCK_INVALID;
        return;
    }
    message->label = is_known ? CLOCK_OK : CLOCK_UNKNOWN;
    message->words[0] = base_ns;
    message->words[1] = resolution_ns;
    message->length = 2;
}

static void signals(void *context, uint64_t bits)
{
    (void)context;
    if ((bits & EVENT_LOOK) != 0) {
        look();
    }
}

int main(void)
{
    const struct mnos_service service = {.request = request, .signals = signals};

    is_known = read_seconds(&first_seconds);
    if (is_known) {
        set_base(first_seconds * NS_A_SECOND + NS_A_SECOND / 2, NS_A_SECOND / 2);
        timer_slot = mnos_service_event(EVENT_LOOK);
        look_later();
    } else {
        mnos_service_log(name, "the RTC does not tell the time");
    }
    return mnos_service_run(&service) == MN_OK ? 0 : 1;
}
