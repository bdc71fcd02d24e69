# What the host tests and fuzzers of the kernel's boot link beside core/ (make/tests.mk).

UNIT_SOURCES_tests/unit/kernel/test_memory_map.c := kernel/boot/memory_map.c
UNIT_SOURCES_tests/unit/kernel/test_acpi.c       := core/acpi.c
UNIT_SOURCES_tests/unit/kernel/test_log.c        := kernel/debug/log.c
FUZZ_SOURCES_tests/fuzz/fuzz_acpi.c              := core/acpi.c
