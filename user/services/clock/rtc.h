/**
 * rtc.h - what the CMOS real-time clock says, as seconds since 1970.
 *
 * Pure. Source of the registers: MC146818A data sheet (addresses, formats); the century at
 * 0x32 is what PC firmware keeps there. The RTC counts UTC.
 */
#ifndef CLOCK_RTC_H
#define CLOCK_RTC_H

#include <stdbool.h>
#include <stdint.h>

/** Addresses of the bytes that are read. */
enum rtc_address {
    RTC_SECONDS = 0x00,
    RTC_MINUTES = 0x02,
    RTC_HOURS = 0x04,
    RTC_DAY = 0x07,
    RTC_MONTH = 0x08,
    RTC_YEAR = 0x09,
    RTC_STATUS_A = 0x0a,
    RTC_STATUS_B = 0x0b,
    RTC_CENTURY = 0x32
};

/** In status A: an update is under way, the other bytes may be torn. */
#define RTC_UPDATING 0x80u

/** The bytes as they were read. */
struct rtc_bytes {
    uint8_t seconds;
    uint8_t minutes;
    uint8_t hours;
    uint8_t day;
    uint8_t month;
    uint8_t year;
    uint8_t century;
    uint8_t status_b; /**< tells the format: BCD or binary, 12 or 24 hours */
};

/** Seconds from 1970-01-01 00:00:00 to the time in @p bytes. false: they are no time of the
 *  years 1970 to 2199. A century that is none is taken from the year: 70 to 99 is the 20th
 *  century's. */
bool rtc_decode(const struct rtc_bytes *bytes, uint64_t *out_seconds);

#endif
