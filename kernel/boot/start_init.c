/**
 * start_init.c - see start_init.h.
 */
#include "boot/start_init.h"

#include "abi/user_memory_map.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/direct_map.h"
#include "boot/pci_config.h"
#include "cap/account_cap.h"
#include "core/bits.h"
#include "core/bytes.h"
#include "core/elf64.h"
#include "core/frame.h"
#include "core/pc_ports.h"
#include "core/uart16550.h"
#include "core/ustar.h"
#include "core/vectors.h"
#include "debug/panic.h"
#include "process/process.h"

#define STACK_BASE (MN_INIT_STACK_TOP - MN_INIT_STACK_PAGES * MN_PAGE_SIZE)
/** The page under the stack is its guard. */
#define STACK_GUARD (STACK_BASE - MN_PAGE_SIZE)

static void map(struct process *init, struct frame *frame, uint64_t virtual,
                uint32_t flags)
{
    struct vspace_request request = {frame, &root_account.anchor, virtual, flags};
    mn_status status = vspace_map(&init->vspace, &request);

    if (status != MN_OK) {
        panic("init: can't map 0x%llx (status %lld)", (unsigned long long)virtual,
              (long long)status);
    }
}

/** Maps zeroed memory at [virtual, end), in the largest blocks that fit, and copies in what
 *  of @p source belongs there. */
static void map_memory(struct process *init, uint64_t virtual, uint64_t end,
                       uint32_t flags, const struct elf64_segment *source,
                       const uint8_t *image)
{
    while (virtual < end) {
        unsigned order = bits_highest_set((end - virtual) >> FRAME_SHIFT);
        struct frame *frame = frame_create(&root_account.account, order);
        uint64_t size = FRAME_BYTES << order;
        uint8_t *bytes;

        if (frame == NULL) {
            panic("init: too little memory");
        }
        bytes = phys_to_virt(frame->address);
        memset(bytes, 0, size);
        if (source != NULL) {
            uint64_t from = source->vaddr > virtual ? source->vaddr : virtual;
            uint64_t to = source->vaddr + source->filesz;

            to = to < virtual + size ? to : virtual + size;
            if (from < to) {
                memcpy(bytes + (from - virtual),
                       image + source->offset + (from - source->vaddr), to - from);
            }
        }
        map(init, frame, virtual, flags);
        virtual += size;
    }
}

/** Loads the ELF; answers its entry. */
static uint64_t load(struct process *init, const struct ustar_entry *file)
{
    struct elf64_plan plan;
    enum elf64_status status = elf64_parse(file->data, file->size, &plan);

    if (status != ELF64_OK) {
        panic("initrd: init: %s", elf64_status_text(status));
    }
    for (size_t i = 0; i < plan.count; i++) {
        const struct elf64_segment *segment = &plan.segments[i];
        uint32_t flags = 0;

        if (elf64_end_page(segment) > STACK_GUARD) {
            panic("initrd: init: a segment ends at 0x%llx, above 0x%lx",
                  (unsigned long long)elf64_end_page(segment), STACK_GUARD);
        }
        if ((segment->flags & ELF64_WRITE) != 0) {
            flags = MN_MAP_WRITABLE;
        } else if ((segment->flags & ELF64_EXECUTE) != 0) {
            flags = MN_MAP_EXECUTABLE;
        }
        map_memory(init, elf64_first_page(segment), elf64_end_page(segment), flags,
                   segment, file->data);
    }
    return plan.entry;
}

static void map_initrd(struct process *init, const struct boot_info *info)
{
    uint64_t pages = (info->initrd_size + FRAME_BYTES - 1) >> FRAME_SHIFT;
    struct frame *frame = frame_adopt(&root_account.account, info->initrd_base, pages);

    if (frame == NULL) {
        panic("init: too little memory");
    }
    map(init, frame, MN_INIT_INITRD, 0);
}

static void map_boot_info(struct process *init, const struct boot_info *info)
{
    struct frame *frame = frame_create(&root_account.account, 0);
    struct mn_boot_info *page;

    if (frame == NULL) {
        panic("init: too little memory");
    }
    page = phys_to_virt(frame->address);
    memset(page, 0, FRAME_BYTES);
    boot_info_tell(info, page);
    page->cpu_count = cpu_count;
    page->cpu_features =
        (cpu_features.sse41 ? MN_CPU_SSE41 : 0) | (cpu_features.avx ? MN_CPU_AVX : 0);
    map(init, frame, MN_INIT_BOOT_INFO, 0);
}

static void give(struct process *init, enum mn_init_slot index, enum mn_cap_type type,
                 void *object, uint64_t value)
{
    capability_install(cnode_slot(&init->cnode, index), NULL,
                       SLOT_WORD(type, MN_RIGHTS_ALL), object, value);
}

static void give_capabilities(struct process *init)
{
    const struct pci_config *config = pci_config();
    struct pci_probe_result pci = {0};

    if (config != NULL) {
        pci_probe_virtio_blk(config, &pci);
    }
    give(init, MN_INIT_SLOT_MEMORY, MN_CAP_PMM_ALLOCATOR, &root_account, 0);
    give(init, MN_INIT_SLOT_COM1, MN_CAP_IO_PORT, NULL,
         SLOT_RANGE(UART16550_COM1, UART16550_PORTS));
    give(init, MN_INIT_SLOT_SELF, MN_CAP_PROCESS, init, 0);
    init->references++;
    if (pci.has_device) {
        give(init, MN_INIT_SLOT_VIRTIO_BLK, MN_CAP_IO_PORT, NULL,
             SLOT_RANGE(pci.io_base, pci.io_size));
    }
    give(init, MN_INIT_SLOT_MACHINE, MN_CAP_MACHINE, NULL, 0);
    give(init, MN_INIT_SLOT_INTERRUPTS, MN_CAP_INTERRUPT, NULL,
         SLOT_RANGE(0, VECTOR_IRQ_LINES));
    give(init, MN_INIT_SLOT_INSPECTOR, MN_CAP_INSPECTOR, NULL, 0);
    give(init, MN_INIT_SLOT_DEVICE_MEMORY, MN_CAP_DEVICE_MEMORY, NULL,
         SLOT_RANGE(0, UINT32_MAX));
    give(init, MN_INIT_SLOT_DMA, MN_CAP_DMA, NULL, 0);
    give(init, MN_INIT_SLOT_RTC, MN_CAP_IO_PORT, NULL,
         SLOT_RANGE(PC_RTC, PC_RTC_PORTS));
    if (config != NULL) {
        give(init, MN_INIT_SLOT_PCI_CONFIG, MN_CAP_IO_PORT, NULL,
             SLOT_RANGE(PC_PCI_CONFIG, PC_PCI_CONFIG_PORTS));
        give(init, MN_INIT_SLOT_PCI_PORTS, MN_CAP_IO_PORT, NULL,
             SLOT_RANGE(PC_PCI_BAR, PC_PCI_BAR_PORTS));
    }
}

/** Finds `init` in the archive. */
static void find_init(const struct boot_info *info, struct ustar_entry *out_file)
{
    const void *archive = phys_to_virt(info->initrd_base);
    enum ustar_status status;

    if (info->initrd_size == 0) {
        panic("boot: there is no initrd: give one as -initrd (QEMU) or as the first "
              "module (GRUB, Limine)");
    }
    status = ustar_find(archive, info->initrd_size, "init", out_file);
    if (status == USTAR_NOT_FOUND) {
        panic("initrd: there is no file init in the archive");
    }
    if (status != USTAR_OK) {
        panic("initrd: %s", ustar_status_text(status));
    }
}

void start_init(const struct boot_info *info)
{
    struct thread_start start = {.rsp = MN_INIT_STACK_TOP,
                                 .argument = MN_INIT_BOOT_INFO};
    struct ustar_entry file;
    struct process *init;

    find_init(info, &file);
    init = process_create(&root_account.account, NULL);
    if (init == NULL) {
        panic("init: too little memory");
    }
    start.rip = load(init, &file);
    map_memory(init, STACK_BASE, MN_INIT_STACK_TOP, MN_MAP_WRITABLE, NULL, NULL);
    map_initrd(init, info);
    map_boot_info(init, info);
    give_capabilities(init);
    if (mn_is_error(process_start_thread(init, &start))) {
        panic("init: too little memory");
    }
}
