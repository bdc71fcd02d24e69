/**
 * attacks.h - one wrong thing each (attacks_*.S), and how the kernel must answer it.
 *
 * Both programs link the table: the runner for the names, the child to run them.
 */
#ifndef GUEST_COMMON_ATTACKS_H
#define GUEST_COMMON_ATTACKS_H

#include <stdint.h>

struct attack {
    void (*run)(void);
    const char *name;
    uint64_t vectors; /**< of the exception that ends the process; bits 16 to 31: of one
                       *   that may stand for it; ATTACK_HARMLESS: it comes back */
};

/** attack.vectors: the instruction does nothing that ring 3 may not do, and comes back. */
#define ATTACK_HARMLESS 999

/** Attack number @p index, in the order of the files; NULL behind the last. */
const struct attack *attack_at(uint64_t index);

#endif
