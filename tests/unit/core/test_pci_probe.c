/**
 * test_pci_probe.c - the search for the virtio-blk device on made-up machines.
 */
#include "core/pci_probe.h"
#include "unit.h"

enum { FUNCTIONS_MAX = 8, REGISTERS = 16, COMMAND = 1, HEADER = 3, BAR_0 = 4 };
enum { BUSES = 6, INTERRUPT = 15, VIRTIO_BLK = 0x10011af4 };

/** A function that exists; BAR 0 decodes bar_size bytes. */
struct function {
    uint32_t place;
    uint32_t registers[REGISTERS];
    uint32_t bar_size;
    bool moved; /**< its BAR was written while it decoded */
};

static struct function functions[FUNCTIONS_MAX];
static unsigned function_count;

static int set_up(void **state)
{
    (void)state;
    memset(functions, 0, sizeof functions);
    function_count = 0;
    return 0;
}

static struct function *find(uint32_t place)
{
    for (unsigned i = 0; i < function_count; i++) {
        if (functions[i].place == place) {
            return &functions[i];
        }
    }
    return NULL;
}

static uint32_t read(uint32_t place, uint32_t offset)
{
    const struct function *function = find(place);

    return function == NULL ? 0xffffffff : function->registers[offset / 4];
}

static void write(uint32_t place, uint32_t offset, uint32_t value)
{
    struct function *function = find(place);

    assert_non_null(function);
    if (offset / 4 == BAR_0) {
        function->moved |= (function->registers[COMMAND] & 1) != 0;
        value = (value & ~(function->bar_size - 1)) | 1;
    }
    function->registers[offset / 4] = value;
}

static const struct pci_config config = {read, write};

static struct function *add(uint32_t bus, uint32_t device, uint32_t number, uint32_t id)
{
    struct function *function = &functions[function_count++];

    function->place = bus << 16 | device << 11 | number << 8;
    function->registers[0] = id;
    return function;
}

static struct function *add_blk(uint32_t bus, uint32_t device, uint32_t number)
{
    struct function *blk = add(bus, device, number, VIRTIO_BLK);

    blk->registers[COMMAND] = 0x00100003;
    blk->registers[BAR_0] = 0xc001;
    blk->registers[INTERRUPT] = 0x010b;
    blk->bar_size = 128;
    return blk;
}

static struct pci_probe_result probe(void)
{
    struct pci_probe_result result;

    memset(&result, 0xff, sizeof result);
    pci_probe_virtio_blk(&config, &result);
    return result;
}

static void finds_the_device(void **state)
{
    struct function *blk = add_blk(0, 5, 0);
    struct pci_probe_result result = probe();

    (void)state;
    assert_true(result.has_device);
    assert_int_equal(result.io_base, 0xc000);
    assert_int_equal(result.io_size, 128);
    assert_int_equal(result.irq_line, 0x0b);
    assert_int_equal(blk->registers[BAR_0], 0xc001);
    assert_int_equal(blk->registers[COMMAND], 3);
    assert_false(blk->moved);
}

static void finds_none(void **state)
{
    (void)state;
    add(0, 0, 0, 0x12378086);
    assert_false(probe().has_device);
}

/** Functions beside 0 only of a device that says it has them. */
static void looks_at_functions(void **state)
{
    struct function *host = add(0, 3, 0, 0x12378086);

    (void)state;
    add_blk(0, 3, 7);
    assert_false(probe().has_device);
    host->registers[HEADER] = 0x00800000;
    assert_true(probe().has_device);
}

static void follows_bridges(void **state)
{
    struct function *bridge = add(0, 1, 0, 0x000c1b36);

    (void)state;
    add_blk(BUSES - 1, 0, 0);
    assert_false(probe().has_device);
    bridge->registers[HEADER] = 0x00010000;
    bridge->registers[BUSES] = (BUSES - 1) << 8;
    assert_true(probe().has_device);
}

static void refuses_a_bar(uint32_t bar, uint32_t size)
{
    struct function *blk;

    set_up(NULL);
    blk = add_blk(0, 4, 0);
    blk->registers[BAR_0] = bar;
    blk->bar_size = size;
    assert_false(probe().has_device);
}

static void refuses_bars(void **state)
{
    (void)state;
    refuses_a_bar(0xfe000000, 4096); /* memory */
    refuses_a_bar(1, 128);           /* not placed */
    refuses_a_bar(0x10001, 128);     /* behind the last port */
    refuses_a_bar(0xff81, 256);      /* over it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(finds_the_device, set_up),
        cmocka_unit_test_setup(finds_none, set_up),
        cmocka_unit_test_setup(looks_at_functions, set_up),
        cmocka_unit_test_setup(follows_bridges, set_up),
        cmocka_unit_test_setup(refuses_bars, set_up),
    };

    return cmocka_run_group_tests_name("pci_probe", tests, NULL, NULL);
}
