# The test loader: starts the kernel by its Limine entry, as Limine would (tests/loader/loader.h).

LOADER_SOURCES := $(wildcard tests/loader/*.c tests/loader/*.S) \
	core/boot/memory_map.c core/acpi.c kernel/debug/console.c kernel/debug/log.c core/log_ring.c \
	core/bytes.c core/format.c core/ustar.c
LOADER_OBJECTS := $(call objects,kernel,$(LOADER_SOURCES))

$(BUILD)/loader.elf: $(LOADER_OBJECTS) tests/loader/loader.ld make/loader.mk
	$(call say,LD,$@)
	$(Q)$(LD) -T tests/loader/loader.ld -static --gc-sections --build-id=none \
		-z max-page-size=4096 -z noexecstack -o $@ $(LOADER_OBJECTS)

.PHONY: test-loader
test-loader: $(BUILD)/loader.elf $(BUILD)/kernel.elf $(BUILD)/initrd.tar | $(SETUP_run) $(SETUP_test) ## boot by the Limine protocol, with a loader of our own
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/loader/run.py
