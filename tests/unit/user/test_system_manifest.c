/**
 * test_system_manifest.c - Init's list of services: what it says, and how it is wrong.
 */
#include "abi/rights.h"
#include "init/system_manifest.h"
#include "protocols/pci_bus.h"
#include "unit.h"
#include <stdio.h>

static struct system_manifest manifest;

static bool read_text(const char *text)
{
    char *copy = unit_exact_copy(text, strlen(text));
    bool good = system_manifest_read(copy, strlen(text), &manifest);

    free(copy);
    return good;
}

static void services(void **state)
{
    static const char text[] = "service pci_bus\n"
                               "  memory 2M\n"
                               "  give pci_config\n"
                               "  give dma rg\n"
                               "service rng rng_file # of the machine\n"
                               "  optional\n"
                               "  files\n"
                               "  skip\n"
                               "  device 1af4:10ff 3\n"
                               "  use pci_bus 7\n"
                               "  use pci_bus\n"
                               "program hello\n"
                               "program many 256\n";

    (void)state;
    assert_true(read_text(text));
    assert_int_equal(manifest.count, 2);
    assert_string_equal(manifest.services[0].name, "pci_bus");
    assert_int_equal(manifest.services[0].memory_bytes, 2 << 20);
    assert_false(manifest.services[0].optional);
    assert_int_equal(manifest.services[0].grant_count, 2);
    assert_int_equal(manifest.services[0].grants[0].kind, SYSTEM_GRANT_POWER);
    assert_string_equal(manifest.services[0].grants[0].name, "pci_config");
    assert_int_equal(manifest.services[0].grants[0].rights,
                     MN_RIGHT_READ | MN_RIGHT_WRITE);
    assert_int_equal(manifest.services[0].grants[1].rights,
                     MN_RIGHT_READ | MN_RIGHT_GRANT);
    assert_string_equal(manifest.services[0].file, "pci_bus");
    assert_string_equal(manifest.services[1].file, "rng_file");
    assert_true(manifest.services[1].optional && manifest.services[1].serves_files);
    assert_false(manifest.services[0].serves_files);
    assert_int_equal(manifest.services[1].memory_bytes, SYSTEM_MEMORY_DEFAULT);
    assert_int_equal(manifest.services[1].grant_count, 4);
    assert_int_equal(manifest.services[1].grants[0].kind, SYSTEM_GRANT_NONE);
    assert_int_equal(manifest.services[1].grants[1].kind, SYSTEM_GRANT_SERVICE);
    assert_string_equal(manifest.services[1].grants[1].name, "pci_bus");
    assert_true(manifest.services[1].grants[1].badge ==
                PCI_BUS_BADGE(0x1af4, 0x10ff, 3));
    assert_int_equal(manifest.services[1].grants[2].badge, 7);
    assert_int_equal(manifest.services[1].grants[3].badge, 0);
    assert_int_equal(manifest.program_count, 2);
    assert_string_equal(manifest.programs[0].name, "hello");
    assert_int_equal(manifest.programs[0].copies, 1);
    assert_int_equal(manifest.programs[1].copies, 256);
    assert_int_equal(system_manifest_find(&manifest, "rng"), 1);
    assert_int_equal(system_manifest_find(&manifest, "rn"), 2);
}

static void nothing(void **state)
{
    (void)state;
    assert_true(read_text("# nothing\n"));
    assert_int_equal(manifest.count, 0);
}

/** Bad texts, and the message of each. */
static const struct {
    const char *text;
    const char *error;
} bad_texts[] = {
    {"run x",
     "line 1: expected service, program, memory, optional, files, give, use, device or skip"},
    {"service \"", "line 1: expected a closing \""},
    {"memory 1M", "line 1: expected `service NAME` first"},
    {"program a 0", "line 1: expected 1 to 256 copies"},
    {"program a 257", "line 1: expected 1 to 256 copies"},
    {"program a b", "line 1: expected 1 to 256 copies"},
    {"program", "line 1: expected program NAME [COPIES]"},
    {"service a b c", "line 1: expected service NAME [FILE]"},
    {"service \"\"", "line 1: expected a name of 1 to 31 bytes"},
    {"service 12345678901234567890123456789012",
     "line 1: expected a name of 1 to 31 bytes"},
    {"service a\nservice a", "line 2: expected each service once"},
    {"service a\nmemory 0", "line 2: expected a size like 4M behind `memory`"},
    {"service a\nmemory x", "line 2: expected a size like 4M behind `memory`"},
    {"service a\noptional yes", "line 2: expected optional"},
    {"service a\ngive", "line 2: expected give POWER [RIGHTS]"},
    {"service a\ngive dma q", "line 2: expected rights by the letters rwxgv"},
    {"service a\nuse a", "line 2: expected a service that stands before this one"},
    {"service a\nuse b\nservice b",
     "line 2: expected a service that stands before this one"},
    {"service a\nservice b\nuse a x",
     "line 3: expected a badge, a number, behind the service"},
    {"service a\ndevice 1af4:1043",
     "line 2: expected a service that stands before this one"},
    {"service pci_bus\nservice b\ndevice 1af4-1043",
     "line 3: expected VENDOR:DEVICE, four hexadecimal digits each"},
    {"service pci_bus\nservice b\ndevice 1af4:104",
     "line 3: expected VENDOR:DEVICE, four hexadecimal digits each"},
    {"service pci_bus\nservice b\ndevice 1AF4:1043",
     "line 3: expected VENDOR:DEVICE, four hexadecimal digits each"},
    {"service pci_bus\nservice b\ndevice 1af4:1043 256",
     "line 3: expected an index from 0 to 255 behind the device"},
    {"service a\nskip\nskip\nskip\nskip\nskip\nskip\nskip\nskip\nskip",
     "line 10: expected at most 8 own slots of a service"},
};

static void errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad_texts) / sizeof(bad_texts[0]); i++) {
        assert_false(read_text(bad_texts[i].text));
        assert_string_equal(manifest.error, bad_texts[i].error);
    }
}

static void too_many(void **state)
{
    char text[16 * (SYSTEM_SERVICES_MAX + 1)];
    size_t size = 0;

    (void)state;
    for (unsigned i = 0; i <= SYSTEM_SERVICES_MAX; i++) {
        size += (size_t)snprintf(text + size, sizeof(text) - size, "service s%u\n", i);
    }
    assert_false(read_text(text));
    assert_string_equal(manifest.error, "line 81: expected at most 80 services");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(services),
        cmocka_unit_test(nothing),
        cmocka_unit_test(errors),
        cmocka_unit_test(too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
