/**
 * line_discipline.h - typed bytes into lines, and what to show while they are typed.
 *
 * Pure. Enter (CR, LF or both) ends a line; backspace and DEL take the last character
 * back, of however many UTF-8 bytes. Ctrl-C drops what was typed of a line, Ctrl-D ends one
 * that has nothing yet; each then comes out as a line of that one character. Other control
 * characters are ignored. What is typed beyond the longest line is answered by a bell and
 * ignored.
 */
#ifndef SERIAL_DRV_LINE_DISCIPLINE_H
#define SERIAL_DRV_LINE_DISCIPLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINE_DISCIPLINE_MAX = 256, LINE_DISCIPLINE_ECHO_MAX = 4 };

/** The line that is being typed. Starts as zeros. */
struct line_discipline {
    uint8_t line[LINE_DISCIPLINE_MAX];
    size_t length;
    bool after_cr; /**< an LF now belongs to the CR before */
};

/** What one typed byte leads to. */
struct line_event {
    uint8_t echo[LINE_DISCIPLINE_ECHO_MAX]; /**< to be shown */
    size_t echo_size;
    bool complete; /**< the line is whole: take it, then line_discipline_restart() */
};

/** Takes one typed byte. No line is waiting to be taken. */
struct line_event line_discipline_take(struct line_discipline *discipline,
                                       uint8_t byte);

/** Begins the next line. */
void line_discipline_restart(struct line_discipline *discipline);

#endif
