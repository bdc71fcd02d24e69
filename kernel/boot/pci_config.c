/**
 * pci_config.c - see pci_config.h.
 */
#include "boot/pci_config.h"

#include "arch/x86_64/instructions.h"
#include <stddef.h>

enum { CONFIG_ADDRESS = 0xcf8, CONFIG_DATA = 0xcfc };

#define CONFIG_ENABLE 0x80000000u

static uint32_t read(uint32_t function, uint32_t offset)
{
    x86_outl(CONFIG_ADDRESS, CONFIG_ENABLE | function | offset);
    return x86_inl(CONFIG_DATA);
}

static void write(uint32_t function, uint32_t offset, uint32_t value)
{
    x86_outl(CONFIG_ADDRESS, CONFIG_ENABLE | function | offset);
    x86_outl(CONFIG_DATA, value);
}

const struct pci_config *pci_config(void)
{
    static const struct pci_config mechanism_1 = {read, write};
    uint32_t before = x86_inl(CONFIG_ADDRESS);
    bool answers;

    /* Does the enable bit keep what is written? */
    x86_outl(CONFIG_ADDRESS, CONFIG_ENABLE);
    answers = x86_inl(CONFIG_ADDRESS) == CONFIG_ENABLE;
    x86_outl(CONFIG_ADDRESS, before);
    return answers ? &mechanism_1 : NULL;
}
