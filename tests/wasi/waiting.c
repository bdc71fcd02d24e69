/**
 * waiting.c - poll_oneoff and clocks: counts, types and clocks that are not there, waits that
 * end when they should.
 */
#include "attack.h"

static uint64_t now(void)
{
    uint64_t time = 0;

    EXPECT(raw_clock_time_get(1, 0, address(&time)), 0);
    return time;
}

static __wasi_subscription_t after(uint64_t nanoseconds, uint64_t userdata)
{
    __wasi_subscription_t subscription = {.userdata = userdata};

    subscription.u.tag = __WASI_EVENTTYPE_CLOCK;
    subscription.u.u.clock.id = 1;
    subscription.u.u.clock.timeout = nanoseconds;
    return subscription;
}

static __wasi_subscription_t on_descriptor(int fd, int type, uint64_t userdata)
{
    __wasi_subscription_t subscription = {.userdata = userdata};

    subscription.u.tag = (uint8_t)type;
    subscription.u.u.fd_read.file_descriptor = (uint32_t)fd;
    return subscription;
}

static void attack_counts(void)
{
    __wasi_subscription_t in = after(0, 1);
    __wasi_event_t out;
    uint32_t count = 77;

    EXPECT(raw_poll_oneoff(address(&in), address(&out), 0, address(&count)),
           __WASI_ERRNO_INVAL);
    EXPECT(
        raw_poll_oneoff(address(&in), address(&out), UINT32_MAX, address(&count)) != 0,
        1);
    EXPECT(
        raw_poll_oneoff(address(&in), address(&out), 0x05555556, address(&count)) != 0,
        1); /* count times 48 is just above 2^32 / 3 */
    in.u.tag = 3;
    EXPECT(raw_poll_oneoff(address(&in), address(&out), 1, address(&count)),
           __WASI_ERRNO_INVAL);
    EXPECT(count, 77);
}

static void check_clocks(void)
{
    __wasi_subscription_t in[2] = {after(20000000, 7), after(60000000000, 8)};
    __wasi_event_t out[2];
    uint64_t start = now();
    uint32_t count = 0;

    EXPECT(raw_poll_oneoff(address(in), address(out), 2, address(&count)), 0);
    EXPECT(now() - start >= 20000000, 1);
    EXPECT(count, 1);
    EXPECT(out[0].userdata, 7);
    EXPECT(out[0].error, 0);
    EXPECT(out[0].type, __WASI_EVENTTYPE_CLOCK);
    in[0].u.u.clock.id = 9; /* no such clock: an event with an error, at once */
    EXPECT(raw_poll_oneoff(address(in), address(out), 2, address(&count)), 0);
    EXPECT(count, 1);
    EXPECT(out[0].error, __WASI_ERRNO_INVAL);
    in[0] = after(1, 9); /* an absolute time in the past */
    in[0].u.u.clock.flags = __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME;
    EXPECT(raw_poll_oneoff(address(in), address(out), 1, address(&count)), 0);
    EXPECT(count, 1);
    EXPECT(raw_clock_time_get(4, 0, address(&start)), __WASI_ERRNO_INVAL);
    EXPECT(raw_clock_time_get(UINT32_MAX, 0, address(&start)), __WASI_ERRNO_INVAL);
    EXPECT(raw_clock_res_get(4, address(&start)), __WASI_ERRNO_INVAL);
}

static void check_descriptors(void)
{
    __wasi_subscription_t in[3] = {
        on_descriptor(99, __WASI_EVENTTYPE_FD_READ, 1),
        on_descriptor(1, __WASI_EVENTTYPE_FD_READ, 2), /* it has no right to read */
        on_descriptor(-1, __WASI_EVENTTYPE_FD_WRITE, 3)};
    __wasi_event_t out[3];
    uint32_t count = 0;
    int file = -1;

    EXPECT(raw_poll_oneoff(address(in), address(out), 3, address(&count)), 0);
    EXPECT(count, 3);
    EXPECT(out[0].error, __WASI_ERRNO_BADF);
    EXPECT(out[1].error, __WASI_ERRNO_NOTCAPABLE);
    EXPECT(out[2].error, __WASI_ERRNO_BADF);
    EXPECT(open_in(BOX, "file", 0, 0, ALL_RIGHTS, &file), 0);
    in[0] = on_descriptor(file, __WASI_EVENTTYPE_FD_READ, 4);
    in[1] = on_descriptor(file, __WASI_EVENTTYPE_FD_WRITE, 5);
    in[2] = after(60000000000, 6);
    EXPECT(raw_poll_oneoff(address(in), address(out), 3, address(&count)), 0);
    EXPECT(count, 2);
    EXPECT(out[0].userdata, 4);
    EXPECT(out[0].error, 0);
    EXPECT(out[1].userdata, 5);
    EXPECT(__wasi_fd_close(file), 0);
}

int main(void)
{
    attack_counts();
    check_clocks();
    check_descriptors();
    return finish();
}
