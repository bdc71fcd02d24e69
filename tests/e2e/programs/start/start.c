/**
 * start.c - see start.h.
 */
#include "start/start.h"
#include "init/layout.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/machine.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "mnos/status.h"
#include "mnos/tar.h"

enum { STACK_PAGES = 8, LOG_BADGE = 3 };

#define SCRATCH_PAGE 0x30000000ul
#define STACK_TOP    MN_INIT_STACK_TOP

static const struct mnos_loader loader = {.account = MN_INIT_SLOT_MEMORY,
                                          .self = MN_INIT_SLOT_SELF,
                                          .scratch_slot = START_SLOT_SCRATCH,
                                          .scratch_vaddr = SCRATCH_PAGE};
static struct init *system;
static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));

void start_require(bool holds, const char *what)
{
    if (!holds) {
        mnos_printf("FAILED: %s\n", what);
        (void)mnos_console_drain(&system->console);
        (void)sys_end_machine(MN_INIT_SLOT_MACHINE, MN_END_FAILED);
    }
}

void start_system(struct init *init, const struct mn_boot_info *boot_info)
{
    system = init;
    init->boot_info = boot_info;
    init->initrd = (const uint8_t *)MN_INIT_INITRD;
    init->console = (struct mnos_console){
        .way = MNOS_CONSOLE_POLLED,
        .uart = {.slot = MN_INIT_SLOT_COM1, .base = UART16550_COM1}};
    mnos_console_set_default(&init->console);
    start_require(phase_serial_drv(init), "serial_drv");
    start_require(sys_set_buffer(&buffer) == MN_OK, "buffer");
}

void start_end(struct init *init)
{
    (void)mnos_console_drain(&init->console);
    (void)sys_end_machine(MN_INIT_SLOT_MACHINE, MN_END_OK);
}

void start_give(const struct started *service, uint64_t source, uint64_t target,
                uint64_t rights)
{
    start_require(sys_delegate(service->process.slot, source, target, rights) == MN_OK,
                  "delegate");
}

void start_give_badge(const struct started *service, uint64_t endpoint, uint64_t badge,
                      uint64_t target)
{
    start_require(sys_mint_cap(endpoint, START_SLOT_SCRATCH,
                               MN_RIGHT_WRITE | MN_RIGHT_GRANT, badge, 0) == MN_OK,
                  "badge");
    start_give(service, START_SLOT_SCRATCH, target, MN_RIGHT_WRITE);
    (void)sys_drop_cap(START_SLOT_SCRATCH);
}

/** The service's endpoint and its notification, which hears of badges that are gone. Only
 *  the service keeps READ on the endpoint. */
static void make_endpoint(struct started *service)
{
    const uint64_t events = START_SLOT_SCRATCH;
    const uint64_t endpoint = START_SLOT_SCRATCH_2;

    start_require(sys_create_endpoint(MN_INIT_SLOT_MEMORY, endpoint) == MN_OK &&
                      sys_create_notification(MN_INIT_SLOT_MEMORY, events) == MN_OK &&
                      sys_watch_badges(endpoint, events) == MN_OK,
                  "endpoint");
    start_give(service, events, SERVICE_SLOT_EVENTS,
               MN_RIGHT_READ | MN_RIGHT_WRITE | MN_RIGHT_GRANT);
    (void)sys_drop_cap(events);
    start_give(service, endpoint, SERVICE_SLOT_REQUESTS, MN_RIGHT_READ);
    (void)sys_drop_cap(service->endpoint);
    start_require(sys_mint_cap(endpoint, service->endpoint,
                               MN_RIGHT_WRITE | MN_RIGHT_GRANT, 0, 0) == MN_OK,
                  "mint");
    (void)sys_drop_cap(endpoint);
}

void start_create(struct started *service, uint64_t endpoint)
{
    struct mnos_process_error error;

    service->endpoint = endpoint;
    start_require(mnos_process_create(&loader, &service->process, &error), "create");
    start_give(service, MN_INIT_SLOT_MEMORY, SERVICE_SLOT_ACCOUNT, MN_RIGHT_WRITE);
    start_give(service, service->process.slot, SERVICE_SLOT_SELF,
               MN_RIGHT_WRITE | MN_RIGHT_EXEC);
    make_endpoint(service);
    start_give_badge(service, INIT_SLOT_REQUESTS, LOG_BADGE, SERVICE_SLOT_LOG);
}

void start_run(struct started *service, const char *name)
{
    start_run_with(service, name, 0);
}

void start_run_with(struct started *service, const char *name, uint64_t argument)
{
    struct mnos_process_error error = {"", ""};
    struct tar_file file;

    start_require(
        tar_find(system->initrd, system->boot_info->initrd_size, name, &file) == NULL,
        name);
    start_require(
        mnos_process_load(&loader, &service->process, file.data, file.size, &error) &&
            mnos_process_map_stack(&loader, &service->process, STACK_TOP, STACK_PAGES,
                                   &error) &&
            mnos_process_start(&service->process, argument, &error),
        error.cause);
}

void start_bus(struct started *bus)
{
    start_create(bus, START_SLOT_BUS);
    start_give(bus, MN_INIT_SLOT_PCI_CONFIG, PCI_BUS_SLOT_CONFIG, MN_RIGHTS_SAME);
    start_give(bus, MN_INIT_SLOT_PCI_PORTS, PCI_BUS_SLOT_PORTS, MN_RIGHTS_SAME);
    start_give(bus, MN_INIT_SLOT_INTERRUPTS, PCI_BUS_SLOT_INTERRUPTS, MN_RIGHTS_SAME);
    start_give(bus, MN_INIT_SLOT_DEVICE_MEMORY, PCI_BUS_SLOT_DEVICE_MEMORY,
               MN_RIGHTS_SAME);
    start_give(bus, MN_INIT_SLOT_DMA, PCI_BUS_SLOT_DMA, MN_RIGHTS_SAME);
    start_run(bus, "pci_bus");
}

void start_driver(struct started *driver, uint64_t endpoint, const char *name,
                  uint32_t device)
{
    start_create(driver, endpoint);
    start_give_badge(driver, START_SLOT_BUS,
                     PCI_BUS_BADGE(PCI_VENDOR_VIRTIO, device, 0), DRIVER_SLOT_BUS);
    start_run(driver, name);
}

void start_kill(struct started *service)
{
    uint64_t exit_code;

    start_require(sys_kill_process(service->process.slot, 9) == MN_OK &&
                      sys_wait_process(service->process.slot, &exit_code) == MN_OK,
                  "kill");
    (void)sys_drop_cap(service->process.slot);
}

mn_status start_try_call(uint64_t endpoint, struct mnos_message *message)
{
    return mnos_message_call(&buffer, endpoint, message);
}

void start_call(uint64_t endpoint, struct mnos_message *message)
{
    mn_status status;

    buffer.receive[0] = START_SLOT_RECEIVED;
    status = mnos_message_call(&buffer, endpoint, message);
    if (status != MN_OK) {
        mnos_printf("call: %s\n", mnos_status_text(status));
    }
    start_require(status == MN_OK, "call");
}
