/**
 * main.c - the cases: modules of tests/wasi, tests/guest_host/modules and apps/; see guest_host.h.
 *
 * Prints what fails and `N passed, N failed`, and ends the machine.
 */
#include "abi/boot_info.h"
#include "core/bytes.h"
#include "core/ustar.h"
#include "guest_host/guest_host.h"
#include "mnos/cap.h"
#include "mnos/console.h"
#include "mnos/machine.h"
#include "mnos/process.h"
#include "mnos/uart16550.h"

#define SETUP_BUFFER 0x76000000ul

static struct mnos_console console = {
    .way = MNOS_CONSOLE_POLLED,
    .uart = {.slot = MN_INIT_SLOT_COM1, .base = UART16550_COM1}};
static const struct mn_boot_info *boot_info;
static struct outcome outcome;
static unsigned passed;
static unsigned failed;

static _Noreturn void end_machine(bool good)
{
    (void)mnos_console_drain(&console);
    (void)sys_end_machine(MN_INIT_SLOT_MACHINE, good ? MN_END_OK : MN_END_FAILED);
    for (;;) {
        sys_yield();
    }
}

_Noreturn void fail(const char *what)
{
    mnos_printf("guest_host: %s\n", what);
    end_machine(false);
}

/* Slots from the highest down: SPAWN_PROCESS takes the lowest that is Empty. */
static bool is_taken[MN_CNODE_INITIAL_SLOTS];

uint64_t take_slot(void)
{
    uint64_t slot = MN_CNODE_INITIAL_SLOTS - 1;

    while (is_taken[slot]) {
        slot--;
    }
    require(slot > MN_CNODE_INITIAL_SLOTS / 2, "no slot is left");
    is_taken[slot] = true;
    return slot;
}

void drop(uint64_t slot)
{
    (void)sys_drop_cap(slot);
    is_taken[slot] = false;
}

const uint8_t *initrd_file(const char *name, size_t *out_size)
{
    struct ustar_entry entry;

    if (ustar_find((const void *)MN_INIT_INITRD, boot_info->initrd_size, name,
                   &entry) != USTAR_OK) {
        return NULL;
    }
    *out_size = entry.size;
    return entry.data;
}

/* --- the box: what the programs of tests/wasi expect --- */

static void put(const struct file_client *client, uint64_t directory, const char *name,
                const char *text)
{
    struct file_answer answer;

    require(client_open(client, directory, name, FILE_OPEN_WRITE | FILE_OPEN_CREATE,
                        &answer) == FILE_OK,
            name);
    const uint64_t words[3] = {answer.words[0], 0, strlen(text)};
    memcpy(client->buffer + FILE_BUFFER_DATA, text, strlen(text));
    require(client_request(client, FILE_LABEL(FILE_WRITE, 0), words, NULL) == FILE_OK,
            name);
}

static void put_link(const struct file_client *client, uint64_t directory,
                     const char *name, const char *target)
{
    const uint64_t words[3] = {
        directory, client_put_name(client, FILE_BUFFER_NAME, name), strlen(target)};

    memcpy(client->buffer + FILE_BUFFER_DATA, target, strlen(target));
    require(client_request(client, FILE_LABEL(FILE_SYMLINK, 0), words, NULL) == FILE_OK,
            name);
}

static uint64_t make_folder(const struct file_client *client, uint64_t directory,
                            const char *name)
{
    struct file_answer answer;

    require(client_on_name(client, FILE_MAKE_DIRECTORY, directory, name) == FILE_OK &&
                client_open(client, directory, name, FILE_OPEN_DIRECTORY, &answer) ==
                    FILE_OK,
            name);
    return answer.words[0];
}

/** Fills the volume @p name as tests/wasi/run.py fills its box. */
static void make_box(const char *name)
{
    const struct grant grant = {.volume_path = name};
    uint64_t slot = take_slot();
    uint64_t badge = session_open(&grant, 0, SETUP_BUFFER, slot);
    const struct file_client client = session_client(slot, SETUP_BUFFER);

    put(&client, FILE_ROOT_HANDLE, "secret", "nobody reads this\n");
    uint64_t box = make_folder(&client, FILE_ROOT_HANDLE, "box");
    uint64_t dir = make_folder(&client, box, "dir");
    make_folder(&client, dir, "inner");
    put(&client, box, "file", "text\n");
    put(&client, dir, "f", "text\n");
    put_link(&client, box, "link_secret", "../secret");
    put_link(&client, box, "link_absolute", "/secret");
    put_link(&client, box, "link_parent", "..");
    put_link(&client, box, "link_to_link", "dir/link_up_secret");
    put_link(&client, dir, "link_up_secret", "../../secret");
    put_link(&client, dir, "link_up", "..");
    put_link(&client, dir, "link_root", "/");
    put_link(&client, dir, "link_file", "../file");
    put_link(&client, box, "loop", "loop");
    session_close(badge);
    drop(slot);
}

/* --- cases --- */

static void tell(const char *name, bool good)
{
    passed += good;
    failed += !good;
    mnos_printf("%s %s\n", good ? "ok  " : "FAIL", name);
    if (!good) {
        mnos_printf(
            "  end %d, status %d, exit %llu, %u denials\n  text: %s\n  output: %s\n",
            (int)outcome.end, outcome.status, (unsigned long long)outcome.exit_code,
            outcome.denial_count, outcome.text, outcome.output);
    }
}

static bool contains(const char *text, const char *part)
{
    size_t size = strlen(part);

    for (; strlen(text) >= size; text++) {
        if (memcmp(text, part, size) == 0) {
            return true;
        }
    }
    return false;
}

static bool ended(enum program_end end, int status)
{
    return outcome.end == end && outcome.status == status &&
           outcome.exit_code == (uint64_t)status;
}

static bool denied(enum program_grant grant, const char *operation, const char *subject)
{
    for (uint32_t i = 0; i < outcome.denial_count; i++) {
        const struct program_denial *denial = &outcome.denials[i];
        if (denial->grant == grant && contains(denial->operation, operation) &&
            contains(denial->subject, subject)) {
            return true;
        }
    }
    return false;
}

static void attack(const char *module, const char *volume, bool is_read_only)
{
    char path[32] = "";
    const struct run run = {.module = module,
                            .arguments = {is_read_only ? "ro" : NULL},
                            .directories = {{path, "/box", is_read_only}},
                            .flags = PROGRAM_CLOCK_MONOTONIC | PROGRAM_CLOCK_REAL};

    memcpy(path, volume, strlen(volume));
    memcpy(path + strlen(volume), "/box", 5);
    make_box(volume);
    program_run(&run, &outcome);
    tell(volume, ended(PROGRAM_EXIT, 0) && contains(outcome.output, " 0 failed"));
}

static void test_apps(void)
{
    const struct run hello = {.module = "hello"};
    const struct run cat = {.module = "cat", .input = "some\ninput\n"};
    const struct run wc = {.module = "wc", .input = "two words\n"};

    program_run(&hello, &outcome);
    tell("hello", ended(PROGRAM_EXIT, 0) && outcome.output_size > 0);
    tell("a hello program keeps at most 512 KiB", outcome.frames <= 128);
    mnos_printf("  %llu frames\n", (unsigned long long)outcome.frames);
    program_run(&cat, &outcome);
    tell("cat", ended(PROGRAM_EXIT, 0) && contains(outcome.output, "some\ninput\n") &&
                    outcome.output_size == 11);
    program_run(&wc, &outcome);
    tell("wc", ended(PROGRAM_EXIT, 0) && contains(outcome.output, "10"));
}

static void run_probe(const char *name, struct run run)
{
    run.module = "probe";
    run.arguments[0] = name;
    program_run(&run, &outcome);
}

static void test_ends(void)
{
    run_probe("exit", (struct run){.arguments = {NULL, "7"}});
    tell("exit status", ended(PROGRAM_EXIT, 7));
    run_probe("trap", (struct run){.flags = 0});
    tell("trap", ended(PROGRAM_TRAP, 134) && contains(outcome.text, "unreachable") &&
                     contains(outcome.text, "function"));
    run_probe("out_of_bounds", (struct run){.flags = 0});
    tell("a fault in the guard pages is a trap",
         ended(PROGRAM_TRAP, 134) && contains(outcome.text, "out of bounds"));
    run_probe("spin", (struct run){.fuel = 1000000});
    tell("fuel", ended(PROGRAM_NO_FUEL, 124));
    run_probe("spin", (struct run){.timeout_ns = 50000000});
    tell("a deadline ends what spins", ended(PROGRAM_DEADLINE, 124));
    run_probe("sleep", (struct run){.timeout_ns = 50000000});
    tell("a deadline ends what waits", ended(PROGRAM_DEADLINE, 124));
    run_probe("spin", (struct run){.interrupt_ns = 50000000});
    tell("an interrupt ends what spins", ended(PROGRAM_INTERRUPT, 130));
    run_probe("sleep", (struct run){.interrupt_ns = 50000000});
    tell("an interrupt ends what waits", ended(PROGRAM_INTERRUPT, 130));
}

static void test_memory(void)
{
    run_probe("grow", (struct run){.memory_bytes = 4 << 20});
    tell("memory limit",
         ended(PROGRAM_EXIT, 0) && contains(outcome.output, "64 pages"));
    run_probe("grow", (struct run){.account_frames = 1600});
    tell("its account's limit",
         ended(PROGRAM_EXIT, 0) && contains(outcome.output, " pages"));
    run_probe("recurse", (struct run){.flags = 0});
    tell("stack limit",
         ended(PROGRAM_TRAP, 134) && contains(outcome.text, "stack exhausted"));
    run_probe("exit", (struct run){.arguments = {NULL, "3"}, .account_frames = 320});
    tell("a small account", ended(PROGRAM_EXIT, 3));
    run_probe("recurse", (struct run){.account_frames = 320});
    tell("a stack that the account can't pay",
         ended(PROGRAM_FAILED, 125) && contains(outcome.text, "stack"));
    run_probe("exit", (struct run){.arguments = {NULL, "0"}, .account_frames = 60});
    tell("too small an account", ended(PROGRAM_FAILED, 125));
}

static void test_denials(void)
{
    run_probe("open", (struct run){.arguments = {NULL, "/etc/passwd"}});
    tell("a path that nothing covers",
         ended(PROGRAM_EXIT, 76) &&
             denied(PROGRAM_GRANT_DIRECTORY, "path_open", "/etc/passwd"));
    run_probe("create", (struct run){.arguments = {NULL, "/box/new"},
                                     .directories = {{"probe", "/box", true}}});
    tell("writing to :ro", ended(PROGRAM_EXIT, 76) &&
                               denied(PROGRAM_GRANT_WRITE, "path_open", "/box/new"));
    run_probe("create", (struct run){.arguments = {NULL, "/box/new"},
                                     .directories = {{"probe", "/box", false}}});
    tell("writing to :rw", ended(PROGRAM_EXIT, 0) && outcome.denial_count == 0);
    run_probe("open", (struct run){.arguments = {NULL, "/box/new"},
                                   .directories = {{"probe", "/box", true}}});
    tell("reading from :ro", ended(PROGRAM_EXIT, 0) && outcome.denial_count == 0);
    run_probe("clock", (struct run){.arguments = {NULL, "0"}});
    tell("the time of day, denied",
         ended(PROGRAM_EXIT, 76) && denied(PROGRAM_GRANT_CLOCK_REAL, "clock", ""));
    run_probe("clock", (struct run){.arguments = {NULL, "1"}});
    tell("the clock, denied",
         ended(PROGRAM_EXIT, 76) && denied(PROGRAM_GRANT_CLOCK, "clock", ""));
    run_probe("clock",
              (struct run){.arguments = {NULL, "0"}, .flags = PROGRAM_CLOCK_REAL});
    tell("the time of day, granted", ended(PROGRAM_EXIT, 0));
    run_probe("random", (struct run){.flags = 0});
    tell("random, denied",
         ended(PROGRAM_EXIT, 76) && denied(PROGRAM_GRANT_RANDOM, "random_get", ""));
    run_probe("random", (struct run){.random = true});
    tell("random, granted", ended(PROGRAM_EXIT, 0) && outcome.denial_count == 0);
    run_probe("socket", (struct run){.flags = 0});
    tell("a socket",
         ended(PROGRAM_EXIT, 57) && denied(PROGRAM_GRANT_NETWORK, "sock_", ""));
    run_probe("write", (struct run){.no_console = true});
    tell("no console",
         ended(PROGRAM_EXIT, 8) && denied(PROGRAM_GRANT_CONSOLE, "fd_write", "stdout"));
}

static void test_refused(void)
{
    const struct run library = {.module = "hello_wasm"};
    const struct run damaged = {.module = "damaged"};

    program_run(&library, &outcome);
    tell("a library", ended(PROGRAM_REFUSED, 2));
    program_run(&damaged, &outcome);
    tell("a damaged module",
         ended(PROGRAM_REFUSED, 2) && contains(outcome.text, "damaged"));
}

static uint64_t free_frames(void)
{
    struct mn_cap_info info;

    require(sys_cap_info(MN_INIT_SLOT_MEMORY, &info) == MN_OK, "the root account");
    return info.a - info.b;
}

/** All that a program used is back when it is gone. */
static void test_nothing_stays(void)
{
    run_probe("exit", (struct run){.directories = {{"probe", "/box", false}}});
    uint64_t before = free_frames();
    for (int i = 0; i < 5; i++) {
        run_probe("trap", (struct run){.directories = {{"probe", "/box", false}}});
    }
    tell("nothing stays", free_frames() == before);
}

int main(const struct mn_boot_info *info);

int main(const struct mn_boot_info *info)
{
    boot_info = info;
    mnos_console_set_default(&console);
    serve_open();
    service_start();
    test_apps();
    test_ends();
    test_memory();
    test_denials();
    test_refused();
    test_nothing_stays();
    attack("descriptors", "descriptors", false);
    attack("escape", "escape", false);
    attack("memory", "memory", false);
    attack("readdir", "readdir", false);
    attack("rights", "rights", false);
    attack("rights", "rights_ro", true);
    attack("waiting", "waiting", false);
    mnos_printf("%u passed, %u failed\n", passed, failed);
    end_machine(failed == 0 && passed > 0);
}
