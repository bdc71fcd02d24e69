/**
 * test_virtio_pci.c - libvirtio's transport against a device of the host's own.
 */
#include "libvirtio/virtio_pci.h"
#include "unit.h"
#include "user/fake_virtio.h"

static struct fake_virtio fake;
static struct virtio_pci device;

static int set_up(void **state)
{
    (void)state;
    fake_virtio_init(&fake);
    return 0;
}

static void set_config_word(uint32_t offset, uint32_t value)
{
    memcpy(fake.config + offset, &value, sizeof(value));
}

static void finds_its_structures(void **state)
{
    (void)state;
    assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_OK);
    assert_int_equal(device.common.bar, FAKE_BAR);
    assert_int_equal(device.isr.offset, 0x1000);
    assert_int_equal(device.device.bytes, FAKE_DEVICE_BYTES);
    assert_int_equal(device.notify.offset, 0x3000);
    assert_int_equal(device.notify_multiplier, 4);
}

/** Each lie about the common structure makes the device one without it. */
static void lies_of_the_list(void **state)
{
    static const struct {
        uint32_t offset, value;
    } lies[] = {
        {0x04, 0},                  /* no list */
        {0x34, 0},                  /* an empty one */
        {0x34, 0x3c},               /* inside of the header */
        {0x40, 0x01145405},         /* no vendor capability */
        {0x44, 6},                  /* no such BAR */
        {0x44, 3},                  /* a BAR that is not there */
        {0x48, FAKE_BAR_BYTES},     /* behind the BAR's end */
        {0x48, FAKE_BAR_BYTES - 8}, /* across it */
        {0x48, 0xffffffff},         /* around */
        {0x48, 2},                  /* unaligned */
        {0x4c, 55},                 /* too short */
        {0x4c, 0xffffffff},         /* too long */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        fake_virtio_init(&fake);
        set_config_word(lies[i].offset, lies[i].value);
        assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_NOT_MODERN);
    }
}

/** A list that is a ring ends; one that leads to the last bytes stays inside. */
static void list_without_end(void **state)
{
    (void)state;
    fake.config[0x41] = 0x40;
    assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_NOT_MODERN);
    fake_virtio_init(&fake);
    fake.config[0x7d] = 0xfc;
    set_config_word(0xfc, 0x02140009 | 0xf8 << 8);
    set_config_word(0xf8, 0x01140009);
    assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_OK);
}

/** The first good capability of a kind counts. */
static void first_of_a_kind(void **state)
{
    (void)state;
    fake.config[0x7d] = 0x90;
    set_config_word(0x90, 0x01140009);
    set_config_word(0x94, FAKE_BAR);
    set_config_word(0x98, 0x800);
    set_config_word(0x9c, 56);
    assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_OK);
    assert_int_equal(device.common.offset, 0);
    set_config_word(0x48, 0xffffff00); /* the first one is bad now */
    assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_OK);
    assert_int_equal(device.common.offset, 0x800);
}

static void negotiates(void **state)
{
    (void)state;
    assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_OK);
    assert_int_equal(virtio_pci_negotiate(&device, 0x102, 0x4), VIRTIO_OK);
    assert_true(fake.accepted == (VIRTIO_FEATURE_VERSION_1 | 0x6));
    assert_true(device.features == fake.accepted);
    assert_int_equal(fake.status, 1 | 2 | 8);
    virtio_pci_start(&device);
    assert_int_equal(fake.status, 1 | 2 | 4 | 8);
    assert_false(virtio_pci_is_dead(&device));
    fake.status |= 64;
    assert_true(virtio_pci_is_dead(&device));
    fake.status &= ~64u;
    assert_false(virtio_pci_is_dead(&device));
    assert_int_equal(virtio_pci_reset(&device), VIRTIO_OK);
    assert_int_equal(fake.status, 0);
    assert_true(virtio_pci_is_dead(&device));
    assert_true(device.features == 0);
}

static void refusals(void **state)
{
    (void)state;
    assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_OK);
    assert_int_equal(virtio_pci_negotiate(&device, 0, 0x100), VIRTIO_REFUSED);
    assert_int_equal(fake.status & 128, 128);
    assert_int_equal(fake.status & 8, 0);
    fake.refuses_features = true;
    assert_int_equal(virtio_pci_negotiate(&device, 0, 0), VIRTIO_REFUSED);
    fake.refuses_features = false;
    fake.offered = 0xff; /* a device of before 1.0 */
    assert_int_equal(virtio_pci_negotiate(&device, 0, 0), VIRTIO_REFUSED);
    fake.stuck_in_reset = true;
    assert_int_equal(virtio_pci_negotiate(&device, 0, 0), VIRTIO_FAILED);
}

static void starts_queues(void **state)
{
    struct virtio_queue queue;
    uint8_t *memory = aligned_alloc(16, VIRTQUEUE_BYTES_MAX);
    uint16_t size;

    (void)state;
    assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_OK);
    assert_int_equal(virtio_pci_negotiate(&device, 0, 0), VIRTIO_OK);
    assert_int_equal(virtio_pci_queue_size(&device, FAKE_QUEUES, 8, &size),
                     VIRTIO_NO_QUEUE);
    assert_int_equal(virtio_pci_queue_size(&device, 2, 8, &size), VIRTIO_OK);
    assert_int_equal(size, 8);
    fake.queues[2].size = 7;
    assert_int_equal(virtio_pci_queue_size(&device, 2, 8, &size), VIRTIO_OK);
    assert_int_equal(size, 4);
    memset(memory, 0, VIRTQUEUE_BYTES_MAX);
    virtqueue_init(&queue.ring, memory, (uint64_t)memory, size);
    assert_int_equal(virtio_pci_queue_start(&device, &queue, 2, 2),
                     VIRTIO_NO_VECTOR_LEFT);
    assert_int_equal(fake.queues[2].enabled, 0);
    assert_int_equal(virtio_pci_queue_start(&device, &queue, 2, 1), VIRTIO_OK);
    assert_int_equal(fake.queues[2].enabled, 1);
    assert_int_equal(fake.queues[2].size, 4);
    assert_int_equal(fake.queues[2].vector, 1);
    assert_true(fake.queues[2].descriptors == (uint64_t)memory);
    assert_true(fake.queues[2].used % 4 == 0);
    virtio_pci_start(&device);
    virtio_pci_notify(&device, &queue);
    assert_int_equal(fake.queues[2].notified, 1);
    memory[fake.queues[2].used - (uint64_t)memory] = 1; /* it does not want to know */
    virtio_pci_notify(&device, &queue);
    assert_int_equal(fake.queues[2].notified, 1);
    fake.notify_off_extra = 2; /* behind the end of its notify structure */
    assert_int_equal(virtio_pci_queue_start(&device, &queue, 2, VIRTIO_NO_VECTOR),
                     VIRTIO_FAILED);
    free(memory);
}

static void own_configuration(void **state)
{
    uint8_t bytes[FAKE_DEVICE_BYTES + 1];

    (void)state;
    memcpy(fake.device_config, "0123456789abcdef", FAKE_DEVICE_BYTES);
    assert_int_equal(virtio_pci_open(&device, &fake.registers), VIRTIO_OK);
    assert_int_equal(virtio_pci_read_device(&device, 4, bytes, 3), VIRTIO_OK);
    assert_memory_equal(bytes, "456", 3);
    assert_int_equal(virtio_pci_read_device(&device, 0, bytes, FAKE_DEVICE_BYTES + 1),
                     VIRTIO_FAILED);
    assert_int_equal(virtio_pci_read_device(&device, 0xffffffff, bytes, 2),
                     VIRTIO_FAILED);
    fake.generation_moves = true;
    assert_int_equal(virtio_pci_read_device(&device, 0, bytes, 1), VIRTIO_FAILED);
    assert_int_equal(virtio_pci_config_vector(&device, 1), VIRTIO_OK);
    assert_int_equal(fake.config_vector, 1);
    assert_int_equal(virtio_pci_config_vector(&device, 2), VIRTIO_NO_VECTOR_LEFT);
    fake.isr = 3;
    assert_int_equal(virtio_pci_take_isr(&device), 3);
    assert_int_equal(virtio_pci_take_isr(&device), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(finds_its_structures, set_up),
        cmocka_unit_test_setup(lies_of_the_list, set_up),
        cmocka_unit_test_setup(list_without_end, set_up),
        cmocka_unit_test_setup(first_of_a_kind, set_up),
        cmocka_unit_test_setup(negotiates, set_up),
        cmocka_unit_test_setup(refusals, set_up),
        cmocka_unit_test_setup(starts_queues, set_up),
        cmocka_unit_test_setup(own_configuration, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
