/**
 * test_pci_device.c - the order in which the bus lends a device and takes it back, with fake
 * system calls that write down what is done.
 */
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/irq.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "services/pci_bus/device.h"
#include "services/pci_bus/window.h"
#include "unit.h"

enum { ADDRESS = 3 << 3, BAR_0_BYTES = 0x4000, FIRST_SLOT = 30 };

/* --- what was done, a letter each --- */

static char story[256];
static size_t story_size;
static uint64_t next_slot;
static uint32_t command;
static bool resets = true; /* the device can be reset */
static mn_status mint_status;
static mn_status alloc_status;
static uint64_t minted_a;
static uint64_t minted_b;

static void tell(char what)
{
    assert_true(story_size + 1 < sizeof(story));
    story[story_size++] = what;
    story[story_size] = '\0';
}

static void expect(const char *wanted)
{
    assert_string_equal(story, wanted);
    story_size = 0;
    story[0] = '\0';
}

uint64_t mnos_service_slot(void)
{
    return next_slot;
}

mn_status sys_mint_cap(uint64_t source, uint64_t target, uint64_t rights, uint64_t a,
                       uint64_t b)
{
    (void)source;
    (void)rights;
    if (mint_status != MN_OK) {
        return mint_status;
    }
    assert_int_equal(target, next_slot);
    next_slot++;
    minted_a = a;
    minted_b = b;
    tell('m');
    return MN_OK;
}

mn_status sys_cap_info(uint64_t slot, struct mn_cap_info *out_info)
{
    (void)slot;
    *out_info =
        (struct mn_cap_info){.type = MN_CAP_INTERRUPT, .a = 0, .b = 40, .c = 24};
    return MN_OK;
}

mn_status sys_bind_interrupt(uint64_t slot, uint64_t notification,
                             struct mnos_interrupt_message *out_message)
{
    (void)slot;
    (void)notification;
    *out_message = (struct mnos_interrupt_message){0xfee00000, 0x4041};
    tell('b');
    return MN_OK;
}

mn_status sys_revoke(uint64_t slot)
{
    (void)slot;
    tell('v');
    return MN_OK;
}

mn_status sys_drop_cap(uint64_t slot)
{
    (void)slot;
    tell('d');
    return MN_OK;
}

mn_status sys_create_account(uint64_t parent, uint64_t target, uint64_t frames)
{
    (void)parent;
    assert_int_equal(target, next_slot);
    assert_int_equal(frames, PCI_BUS_DMA_PAGES);
    next_slot++;
    tell('a');
    return MN_OK;
}

mn_status sys_close_account(uint64_t slot)
{
    (void)slot;
    tell('c');
    return MN_OK;
}

mn_status sys_alloc_memory(uint64_t account, uint64_t target, uint64_t order)
{
    (void)account;
    (void)target;
    (void)order;
    if (alloc_status == MN_OK) {
        next_slot++;
        tell('f');
    }
    return alloc_status;
}

mn_status sys_frame_address(uint64_t dma, uint64_t frame, uint64_t *out_address)
{
    (void)dma;
    (void)frame;
    *out_address = 0x123000;
    return MN_OK;
}

bool window_reset_virtio(const struct pci_access *access,
                         const struct pci_function *function)
{
    (void)access;
    (void)function;
    assert_int_equal(command & PCI_COMMAND_MASTER, 0);
    tell('R');
    return resets;
}

bool window_set_vector(const struct pci_function *function, uint32_t vector,
                       uint64_t address, uint32_t data)
{
    assert_true(vector < function->msix_vectors);
    assert_int_equal(address, 0xfee00000);
    assert_int_equal(data, 0x4041);
    tell('x');
    return true;
}

static uint32_t config_read(void *context, uint32_t function, uint32_t offset)
{
    (void)context;
    (void)function;
    (void)offset;
    return 0;
}

static void config_write(void *context, uint32_t function, uint32_t offset,
                         uint32_t value)
{
    (void)context;
    assert_int_equal(function, ADDRESS);
    if (offset == 4) {
        command = value;
        tell((value & PCI_COMMAND_MASTER) != 0 ? 'M' : 'q');
    } else {
        tell('i'); /* MSI-X on or off */
    }
}

static const struct pci_access access = {.read = config_read, .write = config_write};

static struct device device;

static int set_up(void **state)
{
    (void)state;
    device =
        (struct device){.function = {.address = ADDRESS,
                                     .pin = 1,
                                     .line = 11,
                                     .msix = 0x98,
                                     .msix_bar = 1,
                                     .msix_vectors = 2,
                                     .bars = {{PCI_BAR_MEMORY, 0xfe000000, BAR_0_BYTES},
                                              {PCI_BAR_MEMORY, 0xfe010000, 0x1000},
                                              {PCI_BAR_IO, 0xc000, 64}}}};
    story_size = 0;
    story[0] = '\0';
    next_slot = FIRST_SLOT;
    resets = true;
    mint_status = MN_OK;
    alloc_status = MN_OK;
    return 0;
}

/** Takes all that a driver takes, and starts. */
static void lend_all(void)
{
    struct device_loan loan;

    assert_int_equal(device_claim(&access, &device), PCI_BUS_OK);
    assert_int_equal(device_take_bar(&device, 0, &loan), PCI_BUS_OK);
    assert_int_equal(device_take_interrupt(&access, &device, 0, 99, &loan), PCI_BUS_OK);
    assert_int_equal(device_take_dma(&device, 1, &loan), PCI_BUS_OK);
    assert_int_equal(device_take_dma(&device, 0, &loan), PCI_BUS_OK);
    expect("qmmbxiaff");
    device_start(&access, &device);
    expect("M");
}

static void what_is_lent(void **state)
{
    struct device_loan loan;

    (void)state;
    assert_int_equal(device_claim(&access, &device), PCI_BUS_OK);
    assert_int_equal(device_take_bar(&device, 0, &loan), PCI_BUS_OK);
    assert_int_equal(loan.slot, FIRST_SLOT);
    assert_int_equal(loan.rights, MN_RIGHT_READ | MN_RIGHT_WRITE);
    assert_false(loan.move);
    assert_int_equal(loan.words[0], BAR_0_BYTES);
    assert_int_equal(minted_a, 0xfe000);
    assert_int_equal(minted_b, BAR_0_BYTES / 4096);
    assert_int_equal(device_take_bar(&device, 2, &loan), PCI_BUS_OK);
    assert_int_equal(loan.words[1], 0xc000);
    assert_int_equal(minted_a, 0xc000);
    assert_int_equal(minted_b, 64);
    assert_int_equal(device_take_bar(&device, 1, &loan), PCI_BUS_INVALID); /* MSI-X */
    assert_int_equal(device_take_bar(&device, 3, &loan), PCI_BUS_INVALID);
    assert_int_equal(device_take_bar(&device, UINT64_MAX, &loan), PCI_BUS_INVALID);
    assert_int_equal(device_take_interrupt(&access, &device, 2, 99, &loan),
                     PCI_BUS_INVALID);
    assert_int_equal(device_take_interrupt(&access, &device, 0, 0, &loan),
                     PCI_BUS_INVALID);
    assert_int_equal(device_take_interrupt(&access, &device, 1, 99, &loan), PCI_BUS_OK);
    assert_int_equal(loan.slot, 0); /* a message needs no acknowledgement */
    assert_int_equal(minted_a, 24);
    assert_int_equal(device_take_dma(&device, PCI_BUS_DMA_ORDER_MAX + 1, &loan),
                     PCI_BUS_INVALID);
    assert_int_equal(device_take_dma(&device, 0, &loan), PCI_BUS_OK);
    assert_true(loan.move);
    assert_int_equal(loan.words[0], 0x123000);
}

static void pin_without_messages(void **state)
{
    struct device_loan loan;

    (void)state;
    device.function.msix_vectors = 0;
    device.function.msix = 0;
    assert_int_equal(device_claim(&access, &device), PCI_BUS_OK);
    assert_int_equal(device_take_interrupt(&access, &device, 0, 99, &loan), PCI_BUS_OK);
    assert_int_equal(minted_a, 11);
    assert_int_not_equal(loan.slot, 0);
    assert_int_equal(loan.rights, MN_RIGHT_READ);
    device.function.line = 255;
    assert_int_equal(device_take_interrupt(&access, &device, 0, 99, &loan),
                     PCI_BUS_FAILED);
}

/** Quiet, reset, and only then what was lent comes back. */
static void order_of_release(void **state)
{
    (void)state;
    lend_all();
    device_release(&access, &device);
    expect("qRivdvdvdcd");
    assert_false(device.claimed);
    lend_all(); /* the line is free again, the account is another one */
}

static void claimed_anew(void **state)
{
    (void)state;
    lend_all();
    assert_int_equal(device_claim(&access, &device), PCI_BUS_OK);
    expect("qRivdvdvdcdq");
    assert_true(device.claimed);
}

/** A device that never was a master needs no reset. */
static void never_started(void **state)
{
    (void)state;
    resets = false;
    assert_int_equal(device_claim(&access, &device), PCI_BUS_OK);
    assert_int_equal(device_claim(&access, &device), PCI_BUS_OK);
    expect("qqiq");
}

/** What may still write keeps its frames, and nobody gets it any more. */
static void cannot_be_reset(void **state)
{
    (void)state;
    lend_all();
    resets = false;
    device_release(&access, &device);
    expect("qRivdvdvd");
    assert_int_not_equal(device.account, 0);
    assert_int_equal(device_claim(&access, &device), PCI_BUS_BUSY);
    expect("");
}

static void limits(void **state)
{
    struct device_loan loan;

    (void)state;
    assert_int_equal(device_claim(&access, &device), PCI_BUS_OK);
    for (unsigned i = 0; i < DEVICE_LENT_MAX; i++) {
        assert_int_equal(device_take_bar(&device, 0, &loan), PCI_BUS_OK);
    }
    assert_int_equal(device_take_bar(&device, 0, &loan), PCI_BUS_NO_MEMORY);
    assert_int_equal(device_take_interrupt(&access, &device, 0, 99, &loan),
                     PCI_BUS_NO_MEMORY);
    alloc_status = MN_ERROR_NO_MEMORY;
    assert_int_equal(device_take_dma(&device, 0, &loan), PCI_BUS_NO_MEMORY);
    device_release(&access, &device);
    assert_int_equal(device_claim(&access, &device), PCI_BUS_OK);
    mint_status = MN_ERROR_RIGHTS;
    assert_int_equal(device_take_bar(&device, 0, &loan), PCI_BUS_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_lent, set_up),
        cmocka_unit_test_setup(pin_without_messages, set_up),
        cmocka_unit_test_setup(order_of_release, set_up),
        cmocka_unit_test_setup(claimed_anew, set_up),
        cmocka_unit_test_setup(never_started, set_up),
        cmocka_unit_test_setup(cannot_be_reset, set_up),
        cmocka_unit_test_setup(limits, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
