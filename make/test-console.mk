# Ring-3 programs that end-to-end tests boot in Init's place: build/e2e-programs/<name>, from
# tests/e2e/programs/<name>.c and Init's own sources but its main().

E2E_PROGRAMS     := $(patsubst tests/e2e/programs/%.c,%,$(wildcard tests/e2e/programs/*.c))
E2E_INIT_SOURCES := user/init/phase_serial_drv.c user/init/equip_serial_drv.c user/init/report.c \
	user/init/command_line.c tests/e2e/programs/start/start.c

$(BUILD)/user/tests/e2e/programs/%: CFLAGS_user += -Itests/e2e/programs

define e2e_program
$(BUILD)/e2e-programs/$(1): $(call objects,user,user/libmnos/start.S tests/e2e/programs/$(1).c \
		$(E2E_INIT_SOURCES)) $(BUILD)/user/libfile.a $(BUILD)/user/libmnos.a user/user.ld make/test-console.mk
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(LD) -T user/user.ld -static --gc-sections --build-id=none -z max-page-size=4096 \
		-z noexecstack --strip-all -o $$@ $$(filter %.o %.a,$$^)
endef
$(foreach p,$(E2E_PROGRAMS),$(eval $(call e2e_program,$(p))))

test-e2e: $(E2E_PROGRAMS:%=$(BUILD)/e2e-programs/%)
