# The host command build/host/mnos, and what it does for `make`: run, image, image-limine.

mnos_sources := $(wildcard tools/mnos/*.c)
CFLAGS_tools/mnos/main.c := -DMN_VERSION=$(MN_VERSION)

CFLAGS_tools/mnos/wasi_grants.c := -Iwasm

$(BUILD)/host/mnos: $(call objects,host,$(mnos_sources) $(CORE_SOURCES)) $(BUILD)/host/libwasm.a
	$(call say,LD,$@)
	$(Q)$(CC) -fuse-ld=lld-19 -Wl,--gc-sections -o $@ $^

.PHONY: build run image image-limine

build: $(BUILD)/kernel.elf $(BUILD)/initrd.tar $(BUILD)/host/mnos $(BUILD)/host/mnos-wasm apps ## make the kernel, the initrd and the commands for this host

# Without a terminal nobody could leave the machine: it ends after Init's phases then.
run: build | $(SETUP_run) ## boot the system in QEMU, on this terminal
	@if [ -t 0 ] && [ -t 1 ]; then ./mnos boot; else ./mnos boot --poweroff; fi

$(BUILD)/mnos.iso: $(BUILD)/kernel.elf $(BUILD)/initrd.tar $(BUILD)/host/mnos | $(SETUP_run)
	$(call say,ISO,$@)
	$(Q)./mnos image $@

image: $(BUILD)/mnos.iso ## write build/mnos.iso: BIOS and UEFI, by GRUB

image-limine: $(BUILD)/kernel.elf $(BUILD)/initrd.tar $(BUILD)/host/mnos | $(SETUP_run) ## write build/mnos-limine.iso with the Limine in LIMINE_DIR
	@[ -n "$(LIMINE_DIR)" ] || { echo 'image-limine: say where the files of Limine lie: LIMINE_DIR=FOLDER make image-limine' >&2; exit 2; }
	$(call say,ISO,$(BUILD)/mnos-limine.iso)
	$(Q)./mnos image --limine '$(LIMINE_DIR)' $(BUILD)/mnos-limine.iso

# --- its unit tests and its fuzzer, see make/tests.mk ---

UNIT_SOURCES_tests/unit/tools/test_options.c   := $(addprefix tools/mnos/,options.c terminal.c complain.c)
UNIT_SOURCES_tests/unit/tools/test_backtrace.c := $(addprefix tools/mnos/,backtrace.c symbols.c complain.c)
UNIT_SOURCES_tests/unit/tools/test_symbols.c   := tools/mnos/symbols.c
UNIT_SOURCES_tests/unit/tools/test_wasi_grants.c := tools/mnos/wasi_grants.c
UNIT_SOURCES_tests/unit/tools/test_initrd.c := $(addprefix tools/mnos/,initrd.c text.c complain.c)
FUZZ_SOURCES_tests/fuzz/fuzz_symbols.c         := tools/mnos/symbols.c
$(foreach t,$(wildcard tests/unit/tools/*.c tests/fuzz/fuzz_symbols.c),$(eval CFLAGS_$(t) := -Itools -Itests/unit))
