/**
 * terminal.h - the user's terminal while a machine's serial line is connected to it.
 *
 * In raw mode every key goes to the machine, Ctrl-C too. Ctrl-A is the command's own:
 * Ctrl-A X leaves, Ctrl-A Ctrl-A (or Ctrl-A A) types one Ctrl-A. Restoring the terminal
 * is the guardian's work.
 */
#ifndef MNOS_TERMINAL_H
#define MNOS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/** Are both standard input and standard output a terminal? */
bool terminal_is_there(void);

/** Keys go to the machine as they are typed, unechoed; false after complaining. */
bool terminal_make_raw(void);

/** What Ctrl-A has begun. All zero at the start. */
struct terminal_keys {
    bool after_ctrl_a;
};

/** Takes the commands out of the @p size typed bytes, in place. Returns how many bytes
 *  are left for the machine, and sets @p out_leave when one was Ctrl-A X: what was
 *  typed behind it is dropped. */
size_t terminal_filter_keys(struct terminal_keys *keys, char *bytes, size_t size,
                            bool *out_leave);

#endif
