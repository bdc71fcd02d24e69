/**
 * phase_virtio_blk.c - features and capacity of the legacy virtio-blk device.
 *
 * Source: Virtio 1.2, section 4.1.4.10 (legacy PCI layout: device features at 0; without
 * MSI-X the device's own configuration from 0x14) and 5.2.4 (capacity, in sectors of
 * 512 bytes, is its first field).
 */
#include "init/init.h"
#include "init/layout.h"
#include "mnos/cap.h"
#include "mnos/io.h"
#include "mnos/status.h"

enum { DEVICE_FEATURES = 0, CAPACITY_LOW = 0x14, CAPACITY_HIGH = 0x18 };

enum { SECTORS_PER_MIB = 2048 };

static mn_status read_register(uint64_t base, uint64_t offset, uint32_t *out_value)
{
    return sys_port_in_32(MN_INIT_SLOT_VIRTIO_BLK, (uint16_t)(base + offset),
                          out_value);
}

bool phase_virtio_blk(struct init *init)
{
    struct mn_cap_info info;
    uint32_t features = 0;
    uint32_t low = 0;
    uint32_t high = 0;
    mn_status status = sys_cap_info(MN_INIT_SLOT_VIRTIO_BLK, &info);

    if (status == MN_OK && info.type == MN_CAP_EMPTY) {
        init_say(init, "virtio-blk: none");
        return true;
    }
    if (status == MN_OK) {
        status = read_register(info.a, DEVICE_FEATURES, &features);
    }
    if (status == MN_OK) {
        status = read_register(info.a, CAPACITY_LOW, &low);
    }
    if (status == MN_OK) {
        status = read_register(info.a, CAPACITY_HIGH, &high);
    }
    if (status != MN_OK) {
        return init_fail(init, "virtio-blk: %s", mnos_status_text(status));
    }
    unsigned long long sectors = (unsigned long long)high << 32 | low;
    init_say(init, "virtio-blk: features 0x%x, %llu sectors (%llu MiB)", features,
             sectors, sectors / SECTORS_PER_MIB);
    return true;
}
