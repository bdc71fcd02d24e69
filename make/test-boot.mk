# What the host tests and fuzzers of the kernel's boot link beside core/ (make/tests.mk).

CORE_boot := $(wildcard core/boot/*.c)

$(foreach t,memory_map boot_info pvh multiboot2 limine pci_probe kernel_tables,$(eval \
	UNIT_SOURCES_tests/unit/core/test_$(t).c := tests/unit/kernel/fake/fake_assert.c $(CORE_boot)))

UNIT_SOURCES_tests/unit/kernel/test_acpi.c       := core/acpi.c
UNIT_SOURCES_tests/unit/kernel/test_log.c        := kernel/debug/log.c core/log_ring.c
FUZZ_SOURCES_tests/fuzz/fuzz_acpi.c              := core/acpi.c
FUZZ_SOURCES_tests/fuzz/fuzz_boot.c            := tests/model/assert_abort.c $(CORE_boot)
UNIT_SOURCES_tests/unit/core/test_irq_lines.c    := core/irq_lines.c
UNIT_SOURCES_tests/unit/core/test_cpu_features.c    := core/cpu_features.c
UNIT_SOURCES_tests/unit/core/test_reference_clock.c := core/reference_clock.c
