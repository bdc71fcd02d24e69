/**
 * main.c - the kernel's figures, measured from ring 3 in Init's place; more in cycles.c.
 *
 * Prints a line "bench: NAME VALUE" a figure on polled COM1 and ends the machine. Under
 * QEMU's -icount the time stamp counter counts instructions, and everything repeats; what
 * the figures are is said in docs/testing.md.
 */
#include "abi/boot_info.h"
#include "bench/kernel/init/bench.h"
#include "bench/kernel/slots.h"
#include "core/bytes.h"
#include "core/elf64.h"
#include "mnos/cap.h"
#include "mnos/console.h"
#include "mnos/ipc.h"
#include "mnos/machine.h"
#include "mnos/process.h"
#include "mnos/process_loader.h"
#include "mnos/tar.h"

enum { PARTNER_STACK_PAGES = 1 };

#define SCRATCH_PAGE 0x30000000ul

int bench_rounds = 1000;

static const struct mn_boot_info *boot_info;

static const struct mnos_loader loader = {.account = MN_INIT_SLOT_MEMORY,
                                          .self = MN_INIT_SLOT_SELF,
                                          .scratch_slot = BENCH_SLOT_SCRATCH,
                                          .scratch_vaddr = SCRATCH_PAGE};

_Noreturn void main(const struct mn_boot_info *info, uint64_t first_tsc);

static void print_figure(const char *name, uint64_t value)
{
    mnos_printf("bench: %s %llu\n", name, (unsigned long long)value);
}

static _Noreturn void end(uint64_t how)
{
    (void)sys_end_machine(MN_INIT_SLOT_MACHINE, how);
    __builtin_trap();
}

void require(bool holds, const char *what)
{
    if (!holds) {
        mnos_printf("bench: FAILED: %s\n", what);
        end(MN_END_FAILED);
    }
}

/** What follows "rounds=" in the command line, or 1000. */
static int rounds_wanted(const char *at)
{
    static const char key[] = "rounds=";
    int rounds = 0;

    while (*at != '\0' && memcmp(at, key, sizeof(key) - 1) != 0) {
        at++;
    }
    if (*at == '\0') {
        return bench_rounds;
    }
    for (at += sizeof(key) - 1; *at >= '0' && *at <= '9'; at++) {
        rounds = rounds * 10 + (*at - '0');
    }
    return rounds;
}

static uint64_t pages_of(uint64_t bytes)
{
    return (bytes + MN_PAGE_SIZE - 1) / MN_PAGE_SIZE;
}

static struct tar_file find_file(const char *name)
{
    struct tar_file file = {0};

    require(tar_find((const void *)MN_INIT_INITRD, boot_info->initrd_size, name,
                     &file) == NULL,
            name);
    return file;
}

/** This program's own pages: its segments and its stack. */
static uint64_t own_pages(void)
{
    struct tar_file file = find_file("init");
    struct elf64_plan plan;
    uint64_t pages = MN_INIT_STACK_PAGES;

    require(elf64_parse(file.data, file.size, &plan) == ELF64_OK, "its own ELF file");
    for (size_t i = 0; i < plan.count; i++) {
        const struct elf64_segment *segment = &plan.segments[i];
        pages += (elf64_end_page(segment) - elf64_first_page(segment)) / MN_PAGE_SIZE;
    }
    return pages;
}

/** What the kernel keeps for itself; @p free_pages: of the account at the start. */
static uint64_t kernel_ram(uint64_t free_pages)
{
    uint64_t others = free_pages + own_pages() + pages_of(boot_info->initrd_size);

    return boot_info->memory_bytes - others * MN_PAGE_SIZE;
}

static uint64_t null_syscall(void)
{
    uint64_t start = 0;

    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        if (i == 0) {
            start = read_tsc();
        }
        (void)sys_thread_id();
    }
    return (read_tsc() - start) / (uint64_t)bench_rounds;
}

struct mnos_process make_partner(void)
{
    struct tar_file file = find_file("partner");
    struct mnos_process_error error;
    struct mnos_process partner;

    require(mnos_process_create(&loader, &partner, &error) &&
                mnos_process_load(&loader, &partner, file.data, file.size, &error) &&
                mnos_process_map_stack(&loader, &partner, MN_INIT_STACK_TOP,
                                       PARTNER_STACK_PAGES, &error),
            "a partner process");
    return partner;
}

/** Starts the partner, which sends back over one endpoint what comes over the other. */
static void start_partner(void)
{
    struct mnos_process partner = make_partner();
    struct mnos_process_error error;

    require(sys_create_endpoint(MN_INIT_SLOT_MEMORY, BENCH_SLOT_REQUESTS) == MN_OK &&
                sys_create_endpoint(MN_INIT_SLOT_MEMORY, BENCH_SLOT_ANSWERS) == MN_OK,
            "two endpoints");
    require(sys_delegate(partner.slot, BENCH_SLOT_REQUESTS, PARTNER_SLOT_REQUESTS,
                         MN_RIGHT_READ) == MN_OK &&
                sys_delegate(partner.slot, BENCH_SLOT_ANSWERS, PARTNER_SLOT_ANSWERS,
                             MN_RIGHT_WRITE) == MN_OK &&
                mnos_process_start(&partner, PARTNER_ECHOES, &error),
            "a partner that echoes");
}

static void round_trip(uint64_t number)
{
    struct mn_message answer = {0};

    require(sys_send(BENCH_SLOT_REQUESTS, number, ~number, 2 * number) == MN_OK &&
                sys_recv(BENCH_SLOT_ANSWERS, &answer) == MN_OK &&
                answer.label == number && answer.data0 == ~number &&
                answer.data1 == 2 * number,
            "a round trip");
}

static uint64_t send_recv_round_trip(void)
{
    uint64_t start = 0;

    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        if (i == 0) {
            start = read_tsc();
        }
        round_trip((uint64_t)i);
    }
    return (read_tsc() - start) / (uint64_t)bench_rounds;
}

_Noreturn void main(const struct mn_boot_info *info, uint64_t first_tsc)
{
    static struct mnos_console console = {
        .way = MNOS_CONSOLE_POLLED,
        .uart = {.slot = MN_INIT_SLOT_COM1, .base = UART16550_COM1}};
    struct mn_cap_info account;

    boot_info = info;
    bench_rounds = rounds_wanted(info->command_line);
    mnos_console_set_default(&console);
    require(sys_cap_info(MN_INIT_SLOT_MEMORY, &account) == MN_OK, "its account");

    print_figure("kernel_entry_to_first_user_instruction", first_tsc - info->entry_tsc);
    print_figure("kernel_ram_after_boot", kernel_ram(account.a - account.b));
    print_figure("null_syscall", null_syscall());
    print_figure("yield_switch", yield_switch());
    print_figure("map_one_page", map_one_page());
    print_figure("map_range_per_page", map_range_per_page());
    print_figure("thread_cycle", thread_cycle());
    print_figure("process_cycle", process_cycle());
    print_figure("call_reply_round_trip_3", call_reply_round_trip());
    print_figure("call_reply_round_trip_0", call_reply_round_trip_0());
    print_figure("call_reply_round_trip_64_words", call_reply_round_trip_64_words());
    print_figure("exception_round_trip", exception_round_trip());
    print_figure("page_fault_round_trip", page_fault_round_trip());
    print_figure("signal_no_waiter", signal_no_waiter());
    print_figure("signal_wait_round_trip", signal_wait_round_trip());
    print_figure("yield_switch_budgets", yield_switch_budgets());
    start_partner();
    print_figure("send_recv_round_trip", send_recv_round_trip());
    (void)mnos_console_drain(&console);
    end(MN_END_OK);
}
