/**
 * rtc.c - see rtc.h.
 */
#include "services/clock/rtc.h"

enum { STATUS_B_24_HOURS = 0x02, STATUS_B_BINARY = 0x04, HOURS_PM = 0x80 };
enum { FIRST_CENTURY = 19, LAST_CENTURY = 21, NOT_A_NUMBER = 255 };

static const uint8_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

/** A byte's number, by the format; NOT_A_NUMBER if a digit is none. */
static uint32_t number(uint8_t byte, bool binary)
{
    if (binary) {
        return byte;
    }
    if ((byte & 0xf) > 9 || byte >> 4 > 9) {
        return NOT_A_NUMBER;
    }
    return (byte >> 4) * 10u + (byte & 0xfu);
}

/** The hour from 0 to 23, or NOT_A_NUMBER. */
static uint32_t hour(const struct rtc_bytes *bytes, bool binary)
{
    bool is_24 = (bytes->status_b & STATUS_B_24_HOURS) != 0;
    uint32_t value =
        number(is_24 ? bytes->hours : (uint8_t)(bytes->hours & ~HOURS_PM), binary);

    if (is_24) {
        return value < 24 ? value : NOT_A_NUMBER;
    }
    if (value < 1 || value > 12) {
        return NOT_A_NUMBER;
    }
    return value % 12 + ((bytes->hours & HOURS_PM) != 0 ? 12 : 0);
}

static bool is_leap(uint32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    return month_days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

static uint64_t days_since_1970(uint32_t year, uint32_t month, uint32_t day)
{
    uint64_t days = day - 1;

    for (uint32_t y = 1970; y < year; y++) {
        days += is_leap(y) ? 366 : 365;
    }
    for (uint32_t m = 1; m < month; m++) {
        days += days_of_month(year, m);
    }
    return days;
}

/** The year with its century, or 0. */
static uint32_t full_year(const struct rtc_bytes *bytes, bool binary)
{
    uint32_t year = number(bytes->year, binary);
    uint32_t century = number(bytes->century, binary);

    if (year > 99) {
        return 0;
    }
    if (century < FIRST_CENTURY || century > LAST_CENTURY) {
        century = year >= 70 ? 19 : 20;
    }
    return century * 100 + year;
}

bool rtc_decode(const struct rtc_bytes *bytes, uint64_t *out_seconds)
{
    bool binary = (bytes->status_b & STATUS_B_BINARY) != 0;
    uint32_t second = number(bytes->seconds, binary);
    uint32_t minute = number(bytes->minutes, binary);
    uint32_t hours = hour(bytes, binary);
    uint32_t day = number(bytes->day, binary);
    uint32_t month = number(bytes->month, binary);
    uint32_t year = full_year(bytes, binary);

    if (second > 59 || minute > 59 || hours > 23 || month < 1 || month > 12 ||
        year < 1970 || day < 1 || day > days_of_month(year, month)) {
        return false;
    }
    *out_seconds =
        ((days_since_1970(year, month, day) * 24 + hours) * 60 + minute) * 60 + second;
    return true;
}
