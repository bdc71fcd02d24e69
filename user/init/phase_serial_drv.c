/**
 * phase_serial_drv.c - starts serial_drv and hands the console over to it.
 *
 * Its CNode holds COM1 and nothing else when its thread starts. It says so on COM1, during
 * which Init is silent; a page that both have mapped tells how far they are. Then Init
 * delegates the rest and prints through it (protocols/console.h, docs/console.md). On
 * a failure everything that was made is given back, and Init goes on polling.
 */
#include "init/equip_serial_drv.h"
#include "init/init.h"
#include "init/layout.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/status.h"
#include "mnos/tar.h"
#include "protocols/console.h"

static const char program_name[] = "serial_drv";

enum {
    DRIVER_STACK_PAGES = 4,
    /** How often Init lets the driver run before it gives up on it, and how often it
     *  looks whether the driver is alive meanwhile. */
    PATIENCE_YIELDS = 4000000,
    LOOK_EVERY_YIELDS = 1024
};

/** Above all that a program may be linked to (user.ld). */
#define DRIVER_STACK_TOP    MN_INIT_STACK_TOP
#define DRIVER_STARTUP_PAGE 0x900000ul

static const struct mnos_loader loader = {.account = MN_INIT_SLOT_MEMORY,
                                          .self = MN_INIT_SLOT_SELF,
                                          .scratch_slot = INIT_SLOT_SCRATCH,
                                          .scratch_vaddr = INIT_SCRATCH_PAGE};

static struct console_startup *startup_page(void)
{
    return (struct console_startup *)INIT_STARTUP_PAGE;
}

static bool fail_process(struct init *init, const struct mnos_process_error *error)
{
    return init_fail(init, "%s: %s: %s", program_name, error->step, error->cause);
}

static bool fail_status(struct init *init, const char *step, mn_status status)
{
    return init_fail(init, "%s: %s: %s", program_name, step, mnos_status_text(status));
}

/** Delegates COM1, loads the program, maps its stack and the page that both share. */
static bool fill(struct init *init, struct mnos_process *driver)
{
    struct mnos_process_error error;
    struct tar_file file;
    const char *problem =
        tar_find(init->initrd, init->boot_info->initrd_size, program_name, &file);

    if (problem != NULL) {
        return init_fail(init, "%s: %s", program_name, problem);
    }
    mn_status status = sys_delegate(driver->slot, MN_INIT_SLOT_COM1, CONSOLE_SLOT_COM1,
                                    MN_RIGHT_READ | MN_RIGHT_WRITE);
    if (status != MN_OK) {
        return fail_status(init, "giving it COM1", status);
    }
    if (!mnos_process_load(&loader, driver, file.data, file.size, &error) ||
        !mnos_process_map_stack(&loader, driver, DRIVER_STACK_TOP, DRIVER_STACK_PAGES,
                                &error)) {
        return fail_process(init, &error);
    }
    status = share_pages(&(struct shared_pages){.driver = driver->slot,
                                                .frame_slot = INIT_SLOT_STARTUP_FRAME,
                                                .order = 0,
                                                .vaddr = INIT_STARTUP_PAGE,
                                                .driver_vaddr = DRIVER_STARTUP_PAGE,
                                                .driver_flags = MN_MAP_WRITABLE});
    if (status != MN_OK) {
        return fail_status(init, "sharing a page with it", status);
    }
    return true;
}

static bool start(struct init *init, struct mnos_process *driver)
{
    struct mnos_process_error error;

    return mnos_process_start(driver, DRIVER_STARTUP_PAGE, &error) ||
           fail_process(init, &error);
}

static bool is_running(const struct mnos_process *driver)
{
    struct mn_cap_info info;

    return sys_cap_info(driver->slot, &info) == MN_OK && info.b == MN_PROCESS_RUNNING;
}

/** Lets the driver run until it has set @p state. Prints nothing while it does: COM1 is
 *  the driver's meanwhile. */
static bool wait_for(struct init *init, const struct mnos_process *driver,
                     uint32_t state)
{
    for (uint32_t yields = 0; yields < PATIENCE_YIELDS; yields++) {
        uint32_t reached = startup_page()->state;

        if (reached == state) {
            return true;
        }
        if (reached == CONSOLE_FAILED ||
            (yields % LOOK_EVERY_YIELDS == LOOK_EVERY_YIELDS - 1 &&
             !is_running(driver))) {
            return init_fail(init, "%s: it ended before it served", program_name);
        }
        sys_yield();
    }
    return init_fail(init, "%s: it does not answer", program_name);
}

/** Delegates the rest, tells the driver so, and waits until it serves. */
static bool hand_over(struct init *init, const struct mnos_process *driver)
{
    mn_status status = equip_serial_drv(driver, startup_page());

    if (status != MN_OK) {
        return fail_status(init, "equipping it", status);
    }
    startup_page()->state = CONSOLE_EQUIPPED;
    return wait_for(init, driver, CONSOLE_SERVING);
}

static void use_driver(struct init *init)
{
    uint32_t buffer_bytes = startup_page()->buffer_bytes[INIT_BADGE_MAIN];

    init->console = (struct mnos_console){
        .way = MNOS_CONSOLE_DRIVER,
        .requests = INIT_SLOT_CONSOLE,
        .input = INIT_SLOT_INPUT,
        .buffer = buffer_bytes != 0 ? (uint8_t *)INIT_CONSOLE_BUFFER : NULL,
        .buffer_bytes = buffer_bytes};
}

/** Gives everything back that the phase has made so far. */
static void take_back(struct mnos_process *driver)
{
    mnos_process_abandon(driver);
    unequip_serial_drv();
    (void)sys_unmap_memory(MN_INIT_SLOT_SELF, INIT_STARTUP_PAGE, 1);
    (void)sys_drop_cap(INIT_SLOT_STARTUP_FRAME);
}

bool phase_serial_drv(struct init *init)
{
    struct mnos_process_error error;
    struct mnos_process driver;

    if (!mnos_process_create(&loader, &driver, &error)) {
        return fail_process(init, &error);
    }
    if (!fill(init, &driver) || !start(init, &driver) ||
        !wait_for(init, &driver, CONSOLE_SPOKEN) || !hand_over(init, &driver)) {
        take_back(&driver);
        return false;
    }
    init->serial_drv = driver;
    use_driver(init);
    init_say(init, "%s: running as pid %llu", program_name,
             (unsigned long long)driver.pid);
    return true;
}
