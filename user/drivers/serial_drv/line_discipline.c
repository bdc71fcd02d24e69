/**
 * line_discipline.c - typed bytes into lines, and what to show while they are typed.
 */
#include "drivers/serial_drv/line_discipline.h"
#include "core/bytes.h"

enum {
    CONTROL_C = 0x03,
    CONTROL_D = 0x04,
    BACKSPACE = 0x08,
    TAB = 0x09,
    SPACE = 0x20,
    DELETE = 0x7f
};

static struct line_event show(const char *echo, bool complete)
{
    struct line_event event = {.echo_size = strlen(echo), .complete = complete};

    memcpy(event.echo, echo, event.echo_size);
    return event;
}

static bool is_utf8_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

static struct line_event erase(struct line_discipline *discipline)
{
    if (discipline->length == 0) {
        return show("", false);
    }
    while (discipline->length > 1 &&
           is_utf8_continuation(discipline->line[discipline->length - 1])) {
        discipline->length--;
    }
    discipline->length--;
    return show("\b \b", false);
}

/** A line of one control character, whatever was typed before. */
static struct line_event control(struct line_discipline *discipline, uint8_t byte,
                                 const char *echo)
{
    discipline->line[0] = byte;
    discipline->length = 1;
    return show(echo, true);
}

struct line_event line_discipline_take(struct line_discipline *discipline, uint8_t byte)
{
    bool after_cr = discipline->after_cr;

    discipline->after_cr = byte == '\r';
    if (byte == '\n' && after_cr) {
        return show("", false);
    }
    if (byte == '\r' || byte == '\n') {
        return show("\r\n", true);
    }
    if (byte == BACKSPACE || byte == DELETE) {
        return erase(discipline);
    }
    if (byte == CONTROL_C) {
        return control(discipline, byte, "^C\r\n");
    }
    if (byte == CONTROL_D && discipline->length == 0) {
        return control(discipline, byte, "");
    }
    if (byte < SPACE && byte != TAB) {
        return show("", false);
    }
    if (discipline->length == LINE_DISCIPLINE_MAX) {
        return show("\a", false);
    }
    discipline->line[discipline->length++] = byte;
    return (struct line_event){.echo = {byte}, .echo_size = 1};
}

void line_discipline_restart(struct line_discipline *discipline)
{
    discipline->length = 0;
}
