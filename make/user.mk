# Ring 3: libmnos, the programs of user/, and the initrd.
#
#   build/user/libmnos.a    what every program links, with core/
#   build/user/<program>    stripped; build/user/<program>.elf has the symbols
#   build/initrd.tar        the programs, and hello_wasm.wasm
#
# A program is a folder of sources: USER_FOLDER_<program>, and USER_LIBRARIES_<program> for
# libraries beside libmnos. Ring 3 is plain x86-64 (SSE2): only the engine's objects use
# SSE4.1 (make/wasm.mk), and Init asks the CPU before it calls them.

USER_PROGRAMS := init serial_drv wasm_host ramfs initrd_files host_files $(SERVICE_PROGRAMS)

USER_FOLDER_init       := user/init
USER_FOLDER_serial_drv := user/drivers/serial_drv
USER_FOLDER_wasm_host  := user/wasm_host
USER_FOLDER_ramfs      := user/services/ramfs
USER_FOLDER_host_files := user/services/host_files
USER_FOLDER_initrd_files := user/services/initrd_files

USER_LIBRARIES_init      := $(BUILD)/user/libwasm.a
USER_LIBRARIES_wasm_host := $(BUILD)/user/libwasm.a $(BUILD)/user/libfile.a
USER_LIBRARIES_ramfs     := $(BUILD)/user/libfile.a
USER_LIBRARIES_host_files := $(BUILD)/user/libfile.a
USER_LIBRARIES_initrd_files := $(BUILD)/user/libfile.a

LIBMNOS_SOURCES := $(sort $(wildcard user/libmnos/*.c user/libmnos/*.S))
LIBMNOS_START   := $(call objects,user,user/libmnos/start.S)
LIBMNOS         := $(BUILD)/user/libmnos.a

$(LIBMNOS): $(call objects,user,$(LIBMNOS_SOURCES) $(CORE_FREESTANDING))
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

# The file system protocol: client and server.
$(BUILD)/user/libfile.a: $(call objects,user,$(sort $(wildcard user/libfile/*.c)))
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

# Inside of wasm_host, WASI's own headers are named from wasm/.
$(foreach s,$(wildcard user/wasm_host/*.c),$(eval CFLAGS_$(s) += -Iwasm))

# start.S is named by itself: nothing refers to _start but the linker script.
define user_program
$(BUILD)/user/$(1).elf: $$(LIBMNOS_START) \
		$$(call objects,user,$$(sort $$(wildcard $$(USER_FOLDER_$(1))/*.c))) \
		$$(USER_LIBRARIES_$(1)) $$(LIBMNOS) user/user.ld make/user.mk
	$$(call say,LD,$$@)
	$$(Q)$$(LD) -T user/user.ld -static --gc-sections --build-id=none -z max-page-size=4096 \
		-z noexecstack -o $$@ $$(filter %.o %.a,$$^)
$(BUILD)/user/$(1): $(BUILD)/user/$(1).elf
	$$(call say,STRIP,$$@)
	$$(Q)$$(STRIP) --strip-all -o $$@ $$<
endef
$(foreach p,$(USER_PROGRAMS),$(eval $(call user_program,$(p))))

# The same bytes from the same sources: no times, owners or order of the machine.
INITRD_FILES := $(USER_PROGRAMS:%=$(BUILD)/user/%) user/init/system.manifest $(BUILD)/apps/hello_wasm.wasm

$(BUILD)/initrd.tar: $(INITRD_FILES) make/user.mk
	$(call say,TAR,$@)
	@rm -rf $(BUILD)/initrd && mkdir -p $(BUILD)/initrd && cp $(INITRD_FILES) $(BUILD)/initrd/
	$(Q)tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@0 \
		-C $(BUILD)/initrd -cf $@ $(notdir $(INITRD_FILES))

.PHONY: user
user: $(USER_PROGRAMS:%=$(BUILD)/user/%) ## build libmnos and the ring-3 programs
