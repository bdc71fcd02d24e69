/**
 * test_pci_config.c - the bus's view of a machine that is a few arrays of bytes.
 */
#include "services/pci_bus/pci_config.h"
#include "unit.h"

enum { WORDS = PCI_CONFIG_BYTES / 4, FAKES = 80 };

/** A function: its words, and which of their bits can be written. */
struct fake {
    uint32_t address;
    uint32_t words[WORDS];
    uint32_t writable[WORDS];
    uint32_t decoded_while_probed; /* command bits seen while a BAR was all ones */
};

static struct fake fakes[FAKES];
static unsigned fake_count;

static struct fake *find(uint32_t address)
{
    for (unsigned i = 0; i < fake_count; i++) {
        if (fakes[i].address == address) {
            return &fakes[i];
        }
    }
    return NULL;
}

static uint32_t fake_read(void *context, uint32_t function, uint32_t offset)
{
    struct fake *fake = find(function);

    (void)context;
    assert_true(offset % 4 == 0 && offset < PCI_CONFIG_BYTES);
    return fake == NULL ? 0xffffffff : fake->words[offset / 4];
}

static void fake_write(void *context, uint32_t function, uint32_t offset,
                       uint32_t value)
{
    struct fake *fake = find(function);

    (void)context;
    assert_non_null(fake);
    assert_true(offset % 4 == 0 && offset < PCI_CONFIG_BYTES);
    uint32_t *word = &fake->words[offset / 4];
    *word =
        (*word & ~fake->writable[offset / 4]) | (value & fake->writable[offset / 4]);
    if (value == 0xffffffff) {
        fake->decoded_while_probed |= fake->words[1] & 3;
    }
}

static const struct pci_access access = {.read = fake_read, .write = fake_write};

static struct fake *add(uint32_t address, uint32_t id, uint32_t class_code,
                        uint32_t header_type)
{
    struct fake *fake = &fakes[fake_count++];

    *fake = (struct fake){.address = address};
    fake->words[0] = id;
    fake->words[1] = 7; /* decodes, and is a master */
    fake->writable[1] = 0x407;
    fake->words[2] = class_code << 8;
    fake->words[3] = header_type << 16;
    return fake;
}

static void set_bar(struct fake *fake, unsigned index, uint32_t value, uint32_t size)
{
    fake->words[4 + index] = value;
    fake->writable[4 + index] = ~(size - 1);
}

/** The transitional virtio console as QEMU's q35 shows it. */
static struct fake *add_virtio_console(uint32_t address)
{
    struct fake *fake = add(address, 0x10031af4, 0x078000, 0);

    fake->words[11] = 0x0003 << 16 | 0x1af4;
    set_bar(fake, 0, 0xc000 | 1, 64);
    fake->writable[4] &= 0xffff;
    set_bar(fake, 1, 0xfebd1000, 0x1000);
    set_bar(fake, 4, 0xfe000000 | 0xc, 0x4000);
    fake->words[9] = 0;
    fake->writable[9] = 0xffffffff;
    fake->words[1] |= 1 << 20;
    fake->words[13] = 0x98;
    fake->words[0x98 / 4] = 0x0001 << 16 | 0x11; /* two vectors */
    fake->words[0x98 / 4 + 1] = 1;               /* the table: BAR 1, offset 0 */
    fake->writable[0x98 / 4] = 0xc0000000;
    fake->words[15] = 0x010b;
    return fake;
}

static int set_up(void **state)
{
    (void)state;
    fake_count = 0;
    add(0, 0x29c08086, 0x060000, 0);
    return 0;
}

static void a_console(void **state)
{
    static struct pci_function functions[PCI_FUNCTIONS_MAX];
    struct fake *fake = add_virtio_console(3 << 3);
    struct fake before = *fake;

    (void)state;
    assert_int_equal(pci_config_scan(&access, functions), 1);
    assert_int_equal(functions[0].address, 3 << 3);
    assert_int_equal(functions[0].vendor, 0x1af4);
    assert_int_equal(functions[0].device, 0x1043);
    assert_int_equal(functions[0].class_code, 0x078000);
    assert_int_equal(functions[0].pin, 1);
    assert_int_equal(functions[0].line, 11);
    assert_int_equal(functions[0].bars[0].kind, PCI_BAR_IO);
    assert_int_equal(functions[0].bars[0].base, 0xc000);
    assert_int_equal(functions[0].bars[0].size, 64);
    assert_int_equal(functions[0].bars[1].kind, PCI_BAR_MEMORY);
    assert_int_equal(functions[0].bars[1].size, 0x1000);
    assert_int_equal(functions[0].bars[2].kind, PCI_BAR_NONE);
    assert_int_equal(functions[0].bars[4].base, 0xfe000000);
    assert_int_equal(functions[0].bars[4].size, 0x4000);
    assert_int_equal(functions[0].bars[5].kind, PCI_BAR_NONE);
    assert_int_equal(functions[0].msix_vectors, 2);
    assert_int_equal(functions[0].msix_bar, 1);
    assert_int_equal(pci_config_lendable(&functions[0], 0), 64);
    assert_int_equal(pci_config_lendable(&functions[0], 1), 0);
    assert_int_equal(pci_config_lendable(&functions[0], 2), 0);
    assert_int_equal(pci_config_lendable(&functions[0], 4), 0x4000);
    /* Its BARs are as they were; while they were not, it decoded nothing. */
    assert_memory_equal(&fake->words[2], &before.words[2], sizeof(before.words) - 8);
    assert_int_equal(fake->words[1] & 0xffff, 0x403);
    assert_int_equal(fake->decoded_while_probed, 0);
}

static void switches(void **state)
{
    static struct pci_function functions[PCI_FUNCTIONS_MAX];
    struct fake *fake = add_virtio_console(3 << 3);

    (void)state;
    assert_int_equal(pci_config_scan(&access, functions), 1);
    pci_config_command(&access, &functions[0], PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    assert_int_equal(fake->words[1] & 0xffff, 6);
    fake->words[0x98 / 4] |= 0x40000000;
    pci_config_msix(&access, &functions[0], true);
    assert_int_equal(fake->words[0x98 / 4], 0x80010011);
    pci_config_msix(&access, &functions[0], false);
    assert_int_equal(fake->words[0x98 / 4], 0x00010011);
}

static void behind_bridges(void **state)
{
    static struct pci_function functions[PCI_FUNCTIONS_MAX];
    struct fake *bridge = add(1 << 3, 0x00011b36, 0x060400, 1);
    struct fake *second = add(5 << 8, 0x00011b36, 0x060400, 0x81);

    (void)state;
    bridge->words[6] = 7 << 16 | 5 << 8;
    second->words[6] = 7 << 16 | 7 << 8;
    add(5 << 8 | 3, 0x00021234, 0x020000, 0); /* function 3 of the second bridge */
    add(7 << 8, 0x00031234, 0x020000, 0);
    add(7 << 8 | 1, 0x00041234, 0x020000, 0); /* nobody: function 0 is the only one */
    add(9 << 8, 0x00051234, 0x020000, 0);     /* no bridge leads there */
    assert_int_equal(pci_config_scan(&access, functions), 2);
    assert_int_equal(functions[0].device, 2);
    assert_int_equal(functions[1].device, 3);
    assert_int_equal(bridge->words[1], 7);
    assert_int_equal(fakes[0].words[1], 7);
}

static void too_many(void **state)
{
    static struct pci_function functions[PCI_FUNCTIONS_MAX];

    (void)state;
    for (uint32_t i = 0; i < PCI_FUNCTIONS_MAX + 5; i++) {
        add(8 + i, 0x00021234, 0x020000, 0x80);
    }
    assert_int_equal(pci_config_scan(&access, functions), PCI_FUNCTIONS_MAX);
    for (unsigned i = 1; i < fake_count; i++) {
        assert_int_equal(fakes[i].words[1] & PCI_COMMAND_MASTER, 0);
    }
}

/** BARs that lie: each is left out. */
static void unsound_bars(void **state)
{
    static struct pci_function functions[PCI_FUNCTIONS_MAX];
    struct fake *fake = add(8, 0x00021234, 0x020000, 0);

    (void)state;
    set_bar(fake, 0, 0, 0x1000); /* not assigned */
    fake->words[6] = 0xfe000000; /* its size is no power of two */
    fake->writable[6] = 0xff0ff000;
    set_bar(fake, 3, 0xfe000000 | 4,
            0x1000);                 /* 64 bits, the upper half is 0 and fixed */
    fake->words[9] = 0xfe000000 | 4; /* 64 bits without an upper half */
    fake->writable[9] = 0xfffff000;
    assert_int_equal(pci_config_scan(&access, functions), 1);
    for (unsigned i = 0; i < PCI_BARS; i++) {
        assert_true(functions[0].bars[i].kind == PCI_BAR_NONE || i == 5);
    }
}

static void unsound_msix(void **state)
{
    static struct pci_function functions[PCI_FUNCTIONS_MAX];
    struct fake *fake = add_virtio_console(3 << 3);
    const uint32_t lies[] = {
        6,          /* no such BAR */
        0,          /* a BAR of ports */
        2,          /* a BAR that is not there */
        0x1000 | 1, /* behind its end */
        0xff0 | 1,  /* across it */
        0xfffffff8u | 1,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        fake->words[0x98 / 4 + 1] = lies[i];
        assert_int_equal(pci_config_scan(&access, functions), 1);
        assert_int_equal(functions[0].msix_vectors, 0);
    }
    fake->words[0x98 / 4] = 0x98 << 8 | 0x05; /* a list that is a ring */
    assert_int_equal(pci_config_scan(&access, functions), 1);
}

/** A table in the middle of a BAR: what stands before it may be lent. */
static void shared_msix_bar(void **state)
{
    static struct pci_function functions[PCI_FUNCTIONS_MAX];
    struct fake *fake = add_virtio_console(3 << 3);

    (void)state;
    fake->words[0x98 / 4 + 1] = 0x2010 | 4;
    assert_int_equal(pci_config_scan(&access, functions), 1);
    assert_int_equal(functions[0].msix_bar, 4);
    assert_int_equal(pci_config_lendable(&functions[0], 4), 0x2000);
    assert_int_equal(pci_config_lendable(&functions[0], 1), 0x1000);
    set_bar(fake, 1, 0xfebd1000, 0x20); /* smaller than a page */
    assert_int_equal(pci_config_scan(&access, functions), 1);
    assert_int_equal(pci_config_lendable(&functions[0], 1), 0x1000);
    set_bar(fake, 1, 0xfebd1020, 0x20); /* somebody else's page as well */
    assert_int_equal(pci_config_scan(&access, functions), 1);
    assert_int_equal(pci_config_lendable(&functions[0], 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_console, set_up),
        cmocka_unit_test_setup(switches, set_up),
        cmocka_unit_test_setup(behind_bridges, set_up),
        cmocka_unit_test_setup(too_many, set_up),
        cmocka_unit_test_setup(unsound_bars, set_up),
        cmocka_unit_test_setup(unsound_msix, set_up),
        cmocka_unit_test_setup(shared_msix_bar, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
