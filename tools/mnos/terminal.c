/**
 * terminal.c - see terminal.h.
 */
#include "terminal.h"
#include "complain.h"
#include <termios.h>
#include <unistd.h>

enum { CTRL_A = 1 };

bool terminal_is_there(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

bool terminal_make_raw(void)
{
    struct termios settings;

    if (tcgetattr(STDIN_FILENO, &settings) != 0) {
        complain_errno("cannot read the terminal's settings");
        return false;
    }
    /* Output processing stays on: a lone line feed starts a new line. */
    settings.c_iflag &=
        ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    settings.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &settings) != 0) {
        complain_errno("cannot set the terminal to raw mode");
        return false;
    }
    return true;
}

size_t terminal_filter_keys(struct terminal_keys *keys, char *bytes, size_t size,
                            bool *out_leave)
{
    size_t kept = 0;

    for (size_t i = 0; i < size; i++) {
        char key = bytes[i];

        if (!keys->after_ctrl_a) {
            if (key == CTRL_A) {
                keys->after_ctrl_a = true;
            } else {
                bytes[kept++] = key;
            }
            continue;
        }
        keys->after_ctrl_a = false;
        if (key == 'x' || key == 'X') {
            *out_leave = true;
            break;
        }
        if (key == CTRL_A || key == 'a' || key == 'A') {
            bytes[kept++] = CTRL_A;
        }
    }
    return kept;
}
