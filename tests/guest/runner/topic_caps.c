/**
 * topic_caps.c - copies, narrower copies, badges, what CAP_INFO tells, DROP_CAP.
 */
#include "guest/runner/child.h"
#include "guest/runner/fixture.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/io.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

enum { COPY = FIXTURE_SPARE, COPY_2, COPY_3 };

#define SLOT(name) (FIXTURE_SLOT + MN_CAP_##name)
#define INVAL      MN_ERROR_INVALID_ARGUMENT

/** MINT_CAP of a fixture capability, and what the copy then is. */
struct mint_row {
    const char *name;
    uint64_t source;
    uint64_t rights, a, b;
    uint64_t expected;
    uint64_t info_a, info_b;
};

static const struct mint_row mint_rows[] = {
    {"IoPort: one port", SLOT(IO_PORT), 0, 0x3ff, 1, MN_OK, 0x3ff, 1},
    {"IoPort: the whole range", SLOT(IO_PORT), 0, 0x3f8, 8, MN_OK, 0x3f8, 8},
    {"IoPort: one too many", SLOT(IO_PORT), 0, 0x3f8, 9, INVAL, 0, 0},
    {"IoPort: one before", SLOT(IO_PORT), 0, 0x3f7, 2, INVAL, 0, 0},
    {"IoPort: one behind", SLOT(IO_PORT), 0, 0x400, 1, INVAL, 0, 0},
    {"IoPort: no port", SLOT(IO_PORT), 0, 0x3f8, 0, INVAL, 0, 0},
    {"IoPort: 2^64 - 1 ports", SLOT(IO_PORT), 0, 0x3f8, ~0ul, INVAL, 0, 0},
    {"IoPort: 2^32 + 1 ports", SLOT(IO_PORT), 0, 0x3f8, (1ul << 32) + 1, INVAL, 0, 0},
    {"IoPort: port 2^32 + 0x3f8", SLOT(IO_PORT), 0, (1ul << 32) + 0x3f8, 1, INVAL, 0,
     0},
    {"IoPort: port -1", SLOT(IO_PORT), 0, ~0ul, 1, INVAL, 0, 0},
    {"Interrupt: the line before", SLOT(INTERRUPT), 0, 3, 1, INVAL, 0, 0},
    {"Interrupt: its line again", SLOT(INTERRUPT), 0, 4, 1, MN_OK, 4, 1},
    {"Interrupt: two lines", SLOT(INTERRUPT), 0, 4, 2, INVAL, 0, 0},
    {"Interrupt: a part of all lines", MN_INIT_SLOT_INTERRUPTS, 0, 5, 3, MN_OK, 5, 3},
    {"Interrupt: a line that no machine has", MN_INIT_SLOT_INTERRUPTS, 0, 100000, 1,
     INVAL, 0, 0},
    {"Interrupt: line 2^32 + 4", MN_INIT_SLOT_INTERRUPTS, 0, (1ul << 32) + 4, 1, INVAL,
     0, 0},
    {"Endpoint: a badge", SLOT(ENDPOINT), 0, 77, 0, MN_OK, 77, 0},
    {"Endpoint: the badge -1", SLOT(ENDPOINT), 0, ~0ul, 0, MN_OK, ~0ul, 0},
    {"Endpoint: a badge and more", SLOT(ENDPOINT), 0, 77, 1, INVAL, 0, 0},
    {"Endpoint: no badge", SLOT(ENDPOINT), 0, 0, 0, MN_OK, 0, 0},
    {"Notification: a badge", SLOT(NOTIFICATION), 0, 77, 0, MN_OK, 77, 1},
    {"Notification: the badge -1", SLOT(NOTIFICATION), 0, ~0ul, 0, MN_OK, ~0ul, 1},
    {"Notification: a badge and more", SLOT(NOTIFICATION), 0, 77, 1, INVAL, 0, 0},
    {"Notification: no badge", SLOT(NOTIFICATION), 0, 0, 0, MN_OK, 0, 1},
    {"Interrupt: a message's line", MN_INIT_SLOT_INTERRUPTS, 0, 100, 1, MN_OK, 100, 1},
    {"DeviceMemory: its page again", SLOT(DEVICE_MEMORY), 0, 0xfd000, 1, MN_OK, 0xfd000,
     1},
    {"DeviceMemory: the page before", SLOT(DEVICE_MEMORY), 0, 0xfcfff, 1, INVAL, 0, 0},
    {"DeviceMemory: one too many", SLOT(DEVICE_MEMORY), 0, 0xfd000, 2, INVAL, 0, 0},
    {"DeviceMemory: no page", SLOT(DEVICE_MEMORY), 0, 0xfd000, 0, INVAL, 0, 0},
    {"DeviceMemory: a part of all", MN_INIT_SLOT_DEVICE_MEMORY, 0, 0xfd000, 16, MN_OK,
     0xfd000, 16},
    {"DeviceMemory: the last page", MN_INIT_SLOT_DEVICE_MEMORY, 0, 0xfffffffe, 1, MN_OK,
     0xfffffffe, 1},
    {"DeviceMemory: behind the last", MN_INIT_SLOT_DEVICE_MEMORY, 0, 0xffffffff, 1,
     INVAL, 0, 0},
    {"DeviceMemory: page 2^40", MN_INIT_SLOT_DEVICE_MEMORY, 0, 1ul << 40, 1, INVAL, 0,
     0},
    {"DeviceMemory: 2^64 - 1 pages", SLOT(DEVICE_MEMORY), 0, 0xfd000, ~0ul, INVAL, 0,
     0},
    {"Inspector: narrower", SLOT(INSPECTOR), 0, 1, 1, INVAL, 0, 0},
    {"Dma: narrower", SLOT(DMA), 0, 1, 1, INVAL, 0, 0},
    {"PmmAllocator: narrower", SLOT(PMM_ALLOCATOR), 0, 1, 1, INVAL, 0, 0},
    {"Process: narrower", SLOT(PROCESS), 0, 1, 0, INVAL, 0, 0},
    {"Machine: narrower", SLOT(MACHINE), 0, 0, 1, INVAL, 0, 0},
};

static void run_mint(const void *data)
{
    const struct mint_row *row = data;
    struct mn_cap_info info;

    fixture_create();
    REQUIRE_EQUAL(sys_mint_cap(row->source, COPY, row->rights, row->a, row->b),
                  row->expected);
    REQUIRE_EQUAL(sys_cap_info(COPY, &info), MN_OK);
    if (row->expected != MN_OK) {
        CHECK_EQUAL(info.type, MN_CAP_EMPTY);
        return;
    }
    CHECK_EQUAL(info.rights, MN_RIGHTS_ALL);
    CHECK_EQUAL(info.a, row->info_a);
    CHECK_EQUAL(info.b, row->info_b);
}

/** Every mask of rights on a copy of a copy: the intersection, never more. */
static void run_rights_shrink(const void *data)
{
    const uint64_t *slot = data;
    struct mn_cap_info info;

    fixture_create();
    for (uint64_t first = MN_RIGHT_GRANT; first <= MN_RIGHTS_ALL; first++) {
        if ((first & MN_RIGHT_GRANT) == 0) {
            continue;
        }
        mint(*slot, COPY, first, 0, 0);
        for (uint64_t second = 0; second <= MN_RIGHTS_ALL; second++) {
            mint(COPY, COPY_2, second, 0, 0);
            CHECK_EQUAL(sys_cap_info(COPY_2, &info), MN_OK);
            CHECK_EQUAL(info.rights, second == 0 ? first : first & second);
            CHECK_EQUAL(sys_drop_cap(COPY_2), MN_OK);
        }
        CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    }
}

/** Without GRANT no copy, neither here nor elsewhere. */
static void run_no_grant(const void *data)
{
    const uint64_t *slot = data;

    fixture_create();
    mint(*slot, COPY, MN_RIGHTS_ALL & ~MN_RIGHT_GRANT, 0, 0);
    CHECK_EQUAL(sys_mint_cap(COPY, COPY_2, 0, 0, 0), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_mint_cap(COPY, COPY_2, MN_RIGHT_GRANT, 0, 0), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_delegate(SLOT(PROCESS), COPY, 5, 0), MN_ERROR_RIGHTS);
}

/** An IoPort of one port reaches that port, at its width, and no other. */
static void run_one_port(const void *data)
{
    uint8_t value = 0;

    (void)data;
    fixture_create();
    mint(SLOT(IO_PORT), COPY, 0, 0x3ff, 1);
    CHECK_EQUAL(sys_port_out(COPY, 0x3ff, 0xa5), MN_OK);
    CHECK_EQUAL(sys_port_in(COPY, 0x3ff, &value), MN_OK);
    CHECK_EQUAL(value, 0xa5);
    CHECK_EQUAL(sys_port_out(COPY, 0x3fe, 0), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_port_in(COPY, 0x400, &value), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_mint_cap(COPY, COPY_2, 0, 0x3f8, 8), MN_ERROR_INVALID_ARGUMENT);
}

static void run_badge_for_good(const void *data)
{
    const uint64_t *slot = data;
    struct mn_cap_info info;

    fixture_create();
    mint(*slot, COPY, 0, 12, 0);
    CHECK_EQUAL(sys_mint_cap(COPY, COPY_2, 0, 13, 0), MN_ERROR_INVALID_ARGUMENT);
    mint(COPY, COPY_2, 0, 0, 0);
    CHECK_EQUAL(sys_cap_info(COPY_2, &info), MN_OK);
    CHECK_EQUAL(info.a, 12);
}

/** A dropped middle of a chain of copies leaves the others as they are. */
static void run_drop_middle(const void *data)
{
    struct mn_cap_info info;
    uint64_t before = frames_used();

    (void)data;
    REQUIRE_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, TEST_SLOT, 2), MN_OK);
    mint(TEST_SLOT, COPY, 0, 0, 0);
    mint(COPY, COPY_2, 0, 0, 0);
    mint(COPY, COPY_3, 0, 0, 0);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    CHECK_EQUAL(sys_drop_cap(TEST_SLOT), MN_OK);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_ERROR_INVALID_SLOT);
    CHECK_EQUAL(sys_cap_info(COPY_3, &info), MN_OK);
    CHECK_EQUAL(info.type, MN_CAP_MEMORY_FRAME);
    CHECK_EQUAL(sys_drop_cap(COPY_2), MN_OK);
    CHECK(frames_used() >= before + 4);
    CHECK_EQUAL(sys_drop_cap(COPY_3), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

/** A child holds what it was given and nothing else. */
static void run_child_slots(const void *data)
{
    const uint64_t *count = data;
    uint64_t child = child_create();

    for (uint64_t i = 0; i < *count; i++) {
        CHECK_EQUAL(sys_delegate(child, MN_INIT_SLOT_COM1, 1 + i, MN_RIGHT_READ),
                    MN_OK);
    }
    child_start(child, SCENARIO_COUNT_SLOTS, 0, CPU_OWN);
    CHECK_EQUAL(child_wait(child), *count);
}

/** CAP_INFO of what Init is born with, as the boot contract has it. */
static void run_boot_slots(const void *data)
{
    static const struct {
        uint64_t slot;
        uint32_t type;
    } expected[] = {
        {0, MN_CAP_EMPTY},
        {MN_INIT_SLOT_MEMORY, MN_CAP_PMM_ALLOCATOR},
        {MN_INIT_SLOT_COM1, MN_CAP_IO_PORT},
        {MN_INIT_SLOT_SELF, MN_CAP_PROCESS},
        {MN_INIT_SLOT_VIRTIO_BLK, MN_CAP_EMPTY},
        {MN_INIT_SLOT_MACHINE, MN_CAP_MACHINE},
        {MN_INIT_SLOT_INTERRUPTS, MN_CAP_INTERRUPT},
        {MN_INIT_SLOT_RTC, MN_CAP_IO_PORT},
        {MN_INIT_SLOT_FIRST_FREE, MN_CAP_EMPTY},
    };
    struct mn_cap_info info;

    (void)data;
    for (unsigned i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        CHECK_EQUAL(sys_cap_info(expected[i].slot, &info), MN_OK);
        CHECK_EQUAL(info.type, expected[i].type);
        CHECK_EQUAL(info.rights, info.type == MN_CAP_EMPTY ? 0 : MN_RIGHTS_ALL);
    }
    CHECK_EQUAL(sys_cap_info(MN_INIT_SLOT_COM1, &info), MN_OK);
    CHECK_EQUAL(info.a, 0x3f8);
    CHECK_EQUAL(info.b, 8);
    CHECK_EQUAL(sys_cap_info(MN_INIT_SLOT_SELF, &info), MN_OK);
    CHECK_EQUAL(info.a, 1);
    CHECK_EQUAL(info.b, MN_PROCESS_RUNNING);
}

void topic_caps(void)
{
    static const uint64_t counts[] = {0, 1, 5, 63};
    static uint64_t slots[MN_CAP_TYPES];

    test_run(run_boot_slots, NULL, "caps: what Init is born with");
    for (unsigned i = 0; i < sizeof(mint_rows) / sizeof(mint_rows[0]); i++) {
        test_run(run_mint, &mint_rows[i], "caps: MINT_CAP %s", mint_rows[i].name);
    }
    for (uint32_t type = 1; type < MN_CAP_TYPES; type++) {
        slots[type] = FIXTURE_SLOT + type;
        if (!type_exists(type)) {
            continue;
        }
        test_run(run_rights_shrink, &slots[type], "caps: the rights of a %s shrink",
                 type_name(type));
        test_run(run_no_grant, &slots[type], "caps: a %s without GRANT is not copied",
                 type_name(type));
    }
    test_run(run_one_port, NULL, "caps: an IoPort of one port");
    test_run(run_badge_for_good, &slots[MN_CAP_ENDPOINT],
             "caps: an Endpoint's badge is for good");
    test_run(run_badge_for_good, &slots[MN_CAP_NOTIFICATION],
             "caps: a Notification's badge is for good");
    test_run(run_drop_middle, NULL, "caps: DROP_CAP in the middle of a chain");
    for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        test_run(run_child_slots, &counts[i], "caps: a child with %llu capabilities",
                 (unsigned long long)counts[i]);
    }
}
