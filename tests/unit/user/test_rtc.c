/**
 * test_rtc.c - the RTC's bytes against the host's gmtime(), in all four formats.
 */
#include "services/clock/rtc.h"
#include "unit.h"
#include <time.h>

enum { HOURS_24 = 2, BINARY = 4 };

static uint8_t encode(int value, uint8_t format)
{
    return (uint8_t)((format & BINARY) != 0 ? value : value / 10 * 16 + value % 10);
}

static struct rtc_bytes bytes_of(time_t seconds, uint8_t format)
{
    struct tm tm;

    assert_non_null(gmtime_r(&seconds, &tm));
    int hours = tm.tm_hour;
    if ((format & HOURS_24) == 0) {
        hours = hours % 12 == 0 ? 12 : hours % 12;
    }
    return (struct rtc_bytes){
        .seconds = encode(tm.tm_sec, format),
        .minutes = encode(tm.tm_min, format),
        .hours = (uint8_t)(encode(hours, format) |
                           ((format & HOURS_24) == 0 && tm.tm_hour >= 12 ? 0x80 : 0)),
        .day = encode(tm.tm_mday, format),
        .month = encode(tm.tm_mon + 1, format),
        .year = encode(tm.tm_year % 100, format),
        .century = encode(19 + tm.tm_year / 100, format),
        .status_b = format};
}

static void every_format(void **state)
{
    static const uint8_t formats[] = {0, HOURS_24, BINARY, HOURS_24 | BINARY};
    const time_t last = 7258118399; /* the end of 2199 */

    (void)state;
    for (size_t f = 0; f < sizeof(formats); f++) {
        for (time_t t = 0; t <= last; t += 86399 * 3 + 1237) {
            struct rtc_bytes bytes = bytes_of(t, formats[f]);
            uint64_t seconds = 0;

            assert_true(rtc_decode(&bytes, &seconds));
            assert_true(seconds == (uint64_t)t);
        }
    }
}

static void no_century(void **state)
{
    struct rtc_bytes bytes = bytes_of(951782400, HOURS_24); /* 2000-02-29 */
    uint64_t seconds;

    (void)state;
    bytes.century = 0;
    assert_true(rtc_decode(&bytes, &seconds));
    assert_true(seconds == 951782400);
    bytes = bytes_of(68169600, HOURS_24); /* 1972-02-29 */
    bytes.century = 0xff;
    assert_true(rtc_decode(&bytes, &seconds));
    assert_true(seconds == 68169600);
}

static void no_times(void **state)
{
    const struct rtc_bytes good = bytes_of(1700000000, HOURS_24);
    struct {
        size_t offset;
        uint8_t value;
    } lies[] = {
        {offsetof(struct rtc_bytes, seconds), 0x60}, /* 60 */
        {offsetof(struct rtc_bytes, seconds), 0x0a}, /* no digit */
        {offsetof(struct rtc_bytes, minutes), 0xa0},
        {offsetof(struct rtc_bytes, hours), 0x24},
        {offsetof(struct rtc_bytes, day), 0x31}, /* in November */
        {offsetof(struct rtc_bytes, day), 0},
        {offsetof(struct rtc_bytes, month), 0x13},
        {offsetof(struct rtc_bytes, month), 0},
        {offsetof(struct rtc_bytes, year), 0xff},
    };
    struct rtc_bytes nothing;
    uint64_t seconds = 1;

    (void)state;
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct rtc_bytes bytes = good;

        ((uint8_t *)&bytes)[lies[i].offset] = lies[i].value;
        assert_false(rtc_decode(&bytes, &seconds));
    }
    memset(&nothing, 0xff, sizeof(nothing)); /* no RTC at all */
    assert_false(rtc_decode(&nothing, &seconds));
    struct rtc_bytes hours_12 = good;
    hours_12.status_b = 0;
    hours_12.hours = 0x13;
    assert_false(rtc_decode(&hours_12, &seconds));
    hours_12.hours = 0x80;
    assert_false(rtc_decode(&hours_12, &seconds));
    assert_true(seconds == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format),
        cmocka_unit_test(no_century),
        cmocka_unit_test(no_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
