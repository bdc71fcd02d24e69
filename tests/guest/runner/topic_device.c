/**
 * topic_device.c - device memory, interrupts that signal, DMA: with the edu device, where the
 * machine has one, and COM1's line.
 */
#include "abi/user_memory_map.h"
#include "guest/common/edu.h"
#include "guest/runner/child.h"
#include "guest/runner/edu_device.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/irq.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum { MEMORY = TEST_SLOT, LINE, SIGNAL, BADGED, FRAME, FRAME_2, ACCOUNT, PINS };

#define SELF  MN_INIT_SLOT_SELF
#define PLACE TEST_AREA

static void run_no_ram(const void *data)
{
    const uint64_t *page = data;

    mint(MN_INIT_SLOT_DEVICE_MEMORY, MEMORY, 0, page[0], page[1]);
    CHECK_EQUAL(sys_map_memory(SELF, MEMORY, PLACE, 0), MN_ERROR_MAPPING);
}

/** Every usable page that the runner gets hold of is refused as device memory. */
static void run_no_own_ram(const void *data)
{
    uint64_t address = 0;

    (void)data;
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    CHECK_EQUAL(sys_frame_address(MN_INIT_SLOT_DMA, FRAME, &address), MN_OK);
    mint(MN_INIT_SLOT_DEVICE_MEMORY, MEMORY, 0, address >> MN_PAGE_SHIFT, 1);
    CHECK_EQUAL(sys_map_memory(SELF, MEMORY, PLACE, 0), MN_ERROR_MAPPING);
    CHECK_EQUAL(mnos_frame_address_forget(MN_INIT_SLOT_DMA, FRAME), MN_OK);
}

static void run_flags(const void *data)
{
    (void)data;
    edu_open(MEMORY);
    CHECK_EQUAL(sys_map_memory(SELF, MEMORY, PLACE, MN_MAP_EXECUTABLE),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(
        sys_map_memory(SELF, MEMORY, PLACE, MN_MAP_UNCACHED | MN_MAP_WRITE_COMBINING),
        MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_map_memory(SELF, MEMORY, PLACE, 16), MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_map_memory(SELF, MN_INIT_SLOT_DEVICE_MEMORY, PLACE, 0),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_map_memory(SELF, MEMORY, PLACE + 8, 0), MN_ERROR_NO_MEMORY);
    CHECK_EQUAL(sys_map_memory(SELF, MEMORY, PLACE, MN_MAP_UNCACHED), MN_OK);
    CHECK_EQUAL(sys_map_memory(SELF, MEMORY, PLACE, 0), MN_ERROR_MAPPING);
    mint(MEMORY, LINE, MN_RIGHT_READ, 0, 0);
    CHECK_EQUAL(sys_map_memory(SELF, LINE, PLACE + 0x100000, MN_MAP_WRITABLE),
                MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_map_memory(SELF, LINE, PLACE + 0x100000, MN_MAP_WRITE_COMBINING),
                MN_OK);
}

static void run_registers(const void *data)
{
    (void)data;
    edu_open(MEMORY);
    edu_map(MEMORY);
    CHECK_EQUAL(edu_read(EDU_VADDR, EDU_IDENTIFICATION) & 0xffff, 0xed);
    for (uint32_t i = 1; i < 100; i++) {
        edu_write(EDU_VADDR, EDU_LIVENESS, i * 0x01010101u);
        CHECK_EQUAL(edu_read(EDU_VADDR, EDU_LIVENESS), ~(i * 0x01010101u));
    }
    CHECK_EQUAL(sys_revoke(MEMORY), MN_OK); /* the mapping is a child */
    CHECK_EQUAL(sys_map_memory(SELF, MEMORY, EDU_VADDR, 0), MN_OK);
}

/** An Interrupt for the first message line. */
static void make_message_line(uint64_t slot)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(MN_INIT_SLOT_INTERRUPTS, &info), MN_OK);
    CHECK(info.c > 0 && info.c < info.b);
    mint(MN_INIT_SLOT_INTERRUPTS, slot, 0, info.c, 1);
}

/** The edu's interrupts signal 0x50, the badge, in SIGNAL. */
static void bind_messages(void)
{
    struct mnos_interrupt_message message = {0};

    make_message_line(LINE);
    notification_create(SIGNAL);
    mint(SIGNAL, BADGED, MN_RIGHT_WRITE, 0x50, 0);
    CHECK_EQUAL(sys_bind_interrupt(LINE, BADGED, &message), MN_OK);
    CHECK_EQUAL(message.address >> 20, 0xfee);
    edu_set_message(message.address, message.data);
}

static void run_message(const void *data)
{
    uint64_t bits = 0;

    (void)data;
    edu_open(MEMORY);
    edu_map(MEMORY);
    bind_messages();
    for (uint32_t i = 1; i < 20; i++) {
        CHECK_EQUAL(sys_wait_signal(SIGNAL, MN_WAIT_SIGNAL_POLL, &bits),
                    MN_ERROR_WOULD_BLOCK);
        edu_write(EDU_VADDR, EDU_INTERRUPT_RAISE, i);
        CHECK_EQUAL(sys_wait_signal(SIGNAL, 0, &bits), MN_OK);
        CHECK_EQUAL(bits, 0x50);
        CHECK_EQUAL(edu_read(EDU_VADDR, EDU_INTERRUPT_STATUS), i);
        edu_write(EDU_VADDR, EDU_INTERRUPT_ACK, i);
        CHECK_EQUAL(sys_ack_interrupt(LINE), MN_OK);
    }
}

/** The waiter is another process, on another CPU where there is one. */
static void run_message_wakes(const void *data)
{
    uint64_t child = child_create();

    (void)data;
    edu_open(MEMORY);
    edu_map(MEMORY);
    bind_messages();
    child_give(child, SIGNAL, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_start(child, SCENARIO_WAIT_SIGNAL, 0x50,
                CPU_NUMBER(boot_info->cpu_count - 1));
    for (unsigned i = 0; i < 100; i++) {
        sys_yield();
    }
    edu_write(EDU_VADDR, EDU_INTERRUPT_RAISE, 1);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    edu_write(EDU_VADDR, EDU_INTERRUPT_ACK, 1);
}

/** Lines that a PCI device's pin may come in by. */
static const uint8_t pin_lines[] = {5, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23};
enum { PIN_LINES = sizeof(pin_lines) };

/** Binds all of them, each with a badge of its own. */
static void bind_pins(void)
{
    struct mnos_interrupt_message message;

    notification_create(SIGNAL);
    for (unsigned i = 0; i < PIN_LINES; i++) {
        if (sys_mint_cap(MN_INIT_SLOT_INTERRUPTS, PINS + i, 0, pin_lines[i], 1) !=
            MN_OK) {
            continue; /* this machine has no such line */
        }
        mint(SIGNAL, BADGED, 0, 1ul << i, 0);
        CHECK_EQUAL(sys_bind_interrupt(PINS + i, BADGED, &message), MN_OK);
        CHECK_EQUAL(message.address, 0);
        CHECK_EQUAL(sys_drop_cap(BADGED), MN_OK);
        CHECK_EQUAL(sys_bind_interrupt(PINS + i, SIGNAL, &message), MN_OK);
        CHECK_EQUAL(sys_bind_interrupt(PINS + i, SIGNAL, &message), MN_ERROR_GONE);
        CHECK_EQUAL(sys_wait_irq(PINS + i), MN_ERROR_GONE);
    }
}

/** A level-triggered line signals once, until it is acknowledged; then again, as it is
 *  still up. With the device served it is quiet. */
static void run_level(const void *data)
{
    uint64_t bits = 0;

    (void)data;
    edu_open(MEMORY);
    edu_map(MEMORY);
    bind_pins();
    edu_write(EDU_VADDR, EDU_INTERRUPT_RAISE, 1);
    CHECK_EQUAL(sys_wait_signal(SIGNAL, 0, &bits), MN_OK);
    CHECK_EQUAL(bits, 1);
    for (unsigned i = 0; i < 20; i++) {
        sys_yield();
    }
    CHECK_EQUAL(sys_wait_signal(SIGNAL, MN_WAIT_SIGNAL_POLL, &bits),
                MN_ERROR_WOULD_BLOCK);
    for (unsigned i = 0; i < PIN_LINES; i++) {
        (void)!sys_ack_interrupt(PINS + i);
    }
    CHECK_EQUAL(sys_wait_signal(SIGNAL, 0, &bits), MN_OK);
    edu_write(EDU_VADDR, EDU_INTERRUPT_ACK, 1);
    for (unsigned i = 0; i < PIN_LINES; i++) {
        (void)!sys_ack_interrupt(PINS + i);
    }
    for (unsigned i = 0; i < 20; i++) {
        sys_yield();
    }
    CHECK_EQUAL(sys_wait_signal(SIGNAL, MN_WAIT_SIGNAL_POLL, &bits),
                MN_ERROR_WOULD_BLOCK);
}

static void run_bind_errors(const void *data)
{
    struct mnos_interrupt_message message;

    (void)data;
    notification_create(SIGNAL);
    CHECK_EQUAL(sys_bind_interrupt(MN_INIT_SLOT_INTERRUPTS, SIGNAL, &message),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_ack_interrupt(MN_INIT_SLOT_INTERRUPTS), MN_ERROR_INVALID_ARGUMENT);
    make_message_line(LINE);
    CHECK_EQUAL(sys_ack_interrupt(LINE), MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_bind_interrupt(LINE, SIGNAL, &message), MN_OK);
    CHECK_EQUAL(sys_ack_interrupt(LINE), MN_OK);
    CHECK_EQUAL(sys_drop_cap(SIGNAL), MN_OK); /* the binding goes with it */
    CHECK_EQUAL(sys_ack_interrupt(LINE), MN_ERROR_INVALID_ARGUMENT);
    notification_create(SIGNAL);
    CHECK_EQUAL(sys_bind_interrupt(LINE, SIGNAL, &message), MN_OK);
    CHECK_EQUAL(sys_drop_cap(LINE), MN_OK);
    CHECK_EQUAL(sys_drop_cap(SIGNAL), MN_OK);
}

/** A page goes to the device and comes back in another frame. */
static void run_dma(const void *data)
{
    volatile uint64_t *out = (volatile uint64_t *)PLACE;
    volatile uint64_t *in = (volatile uint64_t *)(PLACE + MN_PAGE_SIZE);
    uint64_t from = 0;
    uint64_t to = 0;
    uint64_t bits;

    (void)data;
    edu_open(MEMORY);
    edu_map(MEMORY);
    bind_messages();
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME_2, 0), MN_OK);
    CHECK_EQUAL(sys_map_memory(SELF, FRAME, PLACE, MN_MAP_WRITABLE), MN_OK);
    CHECK_EQUAL(sys_map_memory(SELF, FRAME_2, PLACE + MN_PAGE_SIZE, 0), MN_OK);
    CHECK_EQUAL(sys_frame_address(MN_INIT_SLOT_DMA, FRAME, &from), MN_OK);
    CHECK_EQUAL(sys_frame_address(MN_INIT_SLOT_DMA, FRAME_2, &to), MN_OK);
    for (uint64_t i = 0; i < 512; i++) {
        out[i] = i * 0x0123456789abcdeful;
    }
    edu_copy(EDU_VADDR, from, EDU_DMA_INTERRUPT);
    CHECK_EQUAL(sys_wait_signal(SIGNAL, 0, &bits), MN_OK);
    edu_write(EDU_VADDR, EDU_INTERRUPT_ACK, EDU_DMA_DONE);
    edu_copy(EDU_VADDR, to, EDU_DMA_INTERRUPT | EDU_DMA_TO_MEMORY);
    CHECK_EQUAL(sys_wait_signal(SIGNAL, 0, &bits), MN_OK);
    edu_write(EDU_VADDR, EDU_INTERRUPT_ACK, EDU_DMA_DONE);
    for (uint64_t i = 0; i < EDU_COPY_BYTES / 8 && !test_has_failed(); i++) {
        CHECK_EQUAL(in[i], i * 0x0123456789abcdeful);
    }
    CHECK_EQUAL(mnos_frame_address_forget(MN_INIT_SLOT_DMA, FRAME), MN_OK);
    CHECK_EQUAL(mnos_frame_address_forget(MN_INIT_SLOT_DMA, FRAME_2), MN_OK);
}

/** Fills the pages from PLACE on, one frame each, with as much as there is. */
static uint64_t fill_new_pages(void)
{
    const struct mnos_memory_source source = {MN_INIT_SLOT_MEMORY, SELF, FRAME};
    uint64_t pages = 0;

    while (pages < 0x4000 && mnos_memory_map(&source, PLACE + pages * MN_PAGE_SIZE, 1,
                                             MN_MAP_WRITABLE) == MN_OK) {
        *(volatile uint64_t *)(PLACE + pages * MN_PAGE_SIZE) = 0x600d;
        pages++;
    }
    return pages;
}

static void check_new_pages(uint64_t pages)
{
    for (uint64_t i = 0; i < pages && !test_has_failed(); i++) {
        const volatile uint64_t *word =
            (const volatile uint64_t *)(PLACE + i * MN_PAGE_SIZE);

        CHECK_EQUAL(word[0], 0x600d);
        CHECK_EQUAL(word[1], 0);
        CHECK_EQUAL(word[510], 0);
    }
}

/** A driver is killed while its device is about to write to its frame: whoever gets frames
 *  now finds in them what it put there. */
static void run_dma_killed(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t child = child_create();
    uint64_t bits;
    uint64_t pages;
    struct mn_cap_info info = {0};

    (void)data;
    edu_open(MEMORY);
    edu_map(MEMORY);
    bind_messages();
    child_share(child);
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 16), MN_OK);
    child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT, MN_RIGHT_WRITE);
    child_give(child, MEMORY, CHILD_SLOT_EXTRA, MN_RIGHT_READ | MN_RIGHT_WRITE);
    child_give(child, MN_INIT_SLOT_DMA, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    child_give(child, child, CHILD_SLOT_SELF, MN_RIGHT_WRITE);
    child_start(child, SCENARIO_DRIVE_DMA, 0, CPU_OWN);
    wait_for_word(&shared->go, 1);
    child_kill(child);
    CHECK((edu_read(EDU_VADDR, EDU_DMA_COMMAND) & EDU_DMA_START) != 0);
    pages = fill_new_pages();
    CHECK(pages > 1000);
    CHECK_EQUAL(sys_wait_signal(SIGNAL, 0, &bits), MN_OK); /* the write is done */
    edu_write(EDU_VADDR, EDU_INTERRUPT_ACK, EDU_DMA_DONE);
    check_new_pages(pages);
    CHECK_EQUAL(sys_cap_info(ACCOUNT, &info), MN_OK);
    CHECK_EQUAL(info.b, 2); /* the frame, and its description */
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
}

void topic_device(void)
{
    static const uint64_t forbidden[][2] = {{0x100, 1},       {0x200, 0x100},
                                            {0xfee00, 1},     {0xfeeff, 1},
                                            {0xfed00, 0x200}, {0xfec00, 1}};

    for (unsigned i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
        test_run(run_no_ram, forbidden[i], "device: page 0x%llx is none",
                 (unsigned long long)forbidden[i][0]);
    }
    test_run(run_no_own_ram, NULL, "device: an allocated frame is none");
    test_run(run_bind_errors, NULL, "device: what can't be bound");
    if (!edu_exists()) {
        return;
    }
    test_run(run_flags, NULL, "device: flags of MAP_MEMORY");
    test_run(run_registers, NULL, "device: registers");
    test_run(run_message, NULL, "device: messages signal");
    test_run(run_message_wakes, NULL, "device: a message wakes another process");
    test_run(run_level, NULL, "device: a level-triggered pin signals");
    test_run(run_dma, NULL, "device: DMA there and back");
    test_run(run_dma_killed, NULL, "device: DMA of a driver that was killed");
}
