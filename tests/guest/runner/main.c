/**
 * main.c - the runner of the guest tests, in Init's place.
 *
 * Prints a line a test on COM1 and the counts at the end, and ends the machine: with
 * MN_END_OK if no test failed. `topic=NAME` on the kernel's command line: that topic alone.
 */
#include "core/bytes.h"
#include "guest/common/registers.h"
#include "guest/runner/harness.h"
#include "guest/runner/topics.h"
#include "mnos/console.h"
#include "mnos/machine.h"

struct topic {
    const char *name;
    void (*run)(void);
};

static const struct topic topics[] = {
    {"slots", topic_slots},         {"arguments", topic_arguments},
    {"registers", topic_registers}, {"attacks", topic_attacks},
    {"fault", topic_fault},         {"unanswered", topic_fault_ends},
    {"thread", topic_thread},       {"stopped", topic_thread_kill},
    {"place", topic_thread_place},  {"trap", topic_trap},
    {"memory", topic_memory},       {"protect", topic_protect},
    {"caps", topic_caps},           {"cnode", topic_cnode},
    {"process", topic_process},     {"ipc", topic_ipc},
    {"call", topic_call},           {"ends", topic_call_ends},
    {"transfer", topic_transfer},   {"stays", topic_transfer_stays},
    {"deadline", topic_deadline},   {"badges", topic_badges},
    {"once", topic_once},           {"kill", topic_kill},
    {"paths", topic_call_paths},    {"signal", topic_signal},
    {"timer", topic_timer},         {"budget", topic_budget},
    {"payer", topic_payer},         {"revoke", topic_revoke},
    {"account", topic_account},     {"ends-account", topic_account_ends},
    {"inspect", topic_inspect},     {"interrupt", topic_interrupt},
    {"device", topic_device},       {"schedule", topic_schedule},
    {"cpus", topic_cpus},           {"homes", topic_homes},
    {"secrets", topic_secrets},     {"exhaust", topic_exhaust},
    {"churn", topic_churn},         {"hogs", topic_hogs},
    {"donor", topic_donor},         {"storm", topic_storm},
    {"fuzz", topic_fuzz},
};

/** Where the text behind @p word stands in the command line; NULL: there is no such word. */
static const char *behind(const char *word)
{
    const char *line = boot_info->command_line;
    size_t size = strlen(word);

    for (const char *at = line; *at != '\0'; at++) {
        if ((at == line || at[-1] == ' ') && strlen(at) >= size &&
            memcmp(at, word, size) == 0) {
            return at + size;
        }
    }
    return NULL;
}

/** Is the topic asked for? Without `topic=NAME` on the command line all are. */
static bool is_wanted(const struct topic *topic)
{
    const char *name = behind("topic=");
    size_t size = strlen(topic->name);

    return name == NULL ||
           (strlen(name) >= size && memcmp(name, topic->name, size) == 0);
}

/** Sets @p number to what stands behind @p word in the command line, if anything does. */
static void set_number(const char *word, uint64_t *number)
{
    const char *digits = behind(word);
    uint64_t value = 0;

    while (digits != NULL && *digits >= '0' && *digits <= '9') {
        value = value * 10 + (uint64_t)(*digits - '0');
        digits++;
    }
    if (value > 0) {
        *number = value;
    }
}

int main(const struct mn_boot_info *info);

int main(const struct mn_boot_info *info)
{
    static struct mnos_console console = {
        .way = MNOS_CONSOLE_POLLED,
        .uart = {.slot = MN_INIT_SLOT_COM1, .base = UART16550_COM1}};
    bool good;

    mnos_console_set_default(&console);
    registers_have_avx = registers_detect_avx();
    harness_init(info);
    set_number("fuzz_calls=", &fuzz_calls);
    set_number("donors=", &donor_count);
    set_number("storm_ms=", &storm_ms);

    mnos_printf("guest tests: %u CPUs, %llu MiB, AVX %u\n", info->cpu_count,
                (unsigned long long)(info->memory_bytes >> 20), registers_have_avx);
    for (unsigned i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
        if (is_wanted(&topics[i])) {
            topics[i].run();
        }
    }
    good = harness_finish();
    (void)mnos_console_drain(&console);
    (void)sys_end_machine(MN_INIT_SLOT_MACHINE, good ? MN_END_OK : MN_END_FAILED);
    return 1;
}
