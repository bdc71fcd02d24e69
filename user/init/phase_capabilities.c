/**
 * phase_capabilities.c - the banner, and what the kernel gave to Init, slot by slot.
 */
#include "init/init.h"
#include "init/layout.h"
#include "mnos/cap.h"
#include "mnos/status.h"

/** What the boot contract promises; the slots behind these depend on the machine. */
static const uint32_t promised[] = {
    [MN_INIT_SLOT_NONE] = MN_CAP_EMPTY,
    [MN_INIT_SLOT_MEMORY] = MN_CAP_PMM_ALLOCATOR,
    [MN_INIT_SLOT_COM1] = MN_CAP_IO_PORT,
    [MN_INIT_SLOT_SELF] = MN_CAP_PROCESS,
};

static const char *boot_protocol_name(uint64_t protocol)
{
    switch (protocol) {
    case MN_BOOT_PVH:
        return "PVH";
    case MN_BOOT_MULTIBOOT2:
        return "Multiboot2";
    case MN_BOOT_LIMINE:
        return "Limine";
    default:
        return "an unknown protocol";
    }
}

static void say_slot(struct init *init, uint64_t slot, const struct mn_cap_info *info)
{
    const char *type = mnos_cap_type_name(info->type);
    unsigned long long number = slot;
    unsigned long long a = info->a;
    unsigned long long b = info->b;

    switch (info->type) {
    case MN_CAP_EMPTY:
        init_say(init, "slot %llu %s", number, type);
        break;
    case MN_CAP_IO_PORT:
        init_say(init, "slot %llu %s base 0x%llx size %llu rights 0x%x", number, type,
                 a, b, info->rights);
        break;
    case MN_CAP_PROCESS:
        init_say(init, "slot %llu %s pid %llu rights 0x%x", number, type, a,
                 info->rights);
        break;
    case MN_CAP_INTERRUPT:
        init_say(init, "slot %llu %s first %llu count %llu rights 0x%x", number, type,
                 a, b, info->rights);
        break;
    default:
        init_say(init, "slot %llu %s rights 0x%x", number, type, info->rights);
        break;
    }
}

static bool check_slot(struct init *init, uint64_t slot)
{
    struct mn_cap_info info;
    mn_status status = sys_cap_info(slot, &info);

    if (status != MN_OK) {
        return init_fail(init, "slot %llu: %s", (unsigned long long)slot,
                         mnos_status_text(status));
    }
    say_slot(init, slot, &info);
    if (slot < sizeof(promised) / sizeof(promised[0]) && info.type != promised[slot]) {
        return init_fail(init, "slot %llu should hold %s", (unsigned long long)slot,
                         mnos_cap_type_name(promised[slot]));
    }
    return true;
}

bool phase_capabilities(struct init *init)
{
    const struct mn_boot_info *boot_info = init->boot_info;
    bool passed = true;

    if (boot_info->magic != MN_BOOT_INFO_MAGIC) {
        return init_fail(init, "the boot information page is of another kernel");
    }
    init_say(init, "MinimalOS: %u CPU%s, %llu MiB, booted by %s", boot_info->cpu_count,
             boot_info->cpu_count == 1 ? "" : "s",
             (unsigned long long)boot_info->memory_bytes >> 20,
             boot_protocol_name(boot_info->boot_protocol));
    for (uint64_t slot = MN_INIT_SLOT_MEMORY; slot < MN_INIT_SLOT_FIRST_FREE; slot++) {
        passed = check_slot(init, slot) && passed;
    }
    return passed;
}
