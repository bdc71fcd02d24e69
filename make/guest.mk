# The guest tests: programs in Init's place, run in QEMU on several machines.
#
#   build/guest/init        the test runner        build/guest/hostile    its child program
#   build/guest/initrd.tar  both

GUEST_PROGRAMS := init hostile

GUEST_FOLDER_init    := tests/guest/runner
GUEST_FOLDER_hostile := tests/guest/hostile

# Where the program begins: the child has a start of its own.
GUEST_START_init    := user/libmnos/start.S
GUEST_START_hostile := tests/guest/hostile/start.S

$(BUILD)/user/tests/guest/%: CFLAGS_user += -Itests

define guest_program
$(BUILD)/guest/$(1).elf: $$(call objects,user,$$(GUEST_START_$(1)) \
		$$(sort $$(wildcard $$(GUEST_FOLDER_$(1))/*.c $$(GUEST_FOLDER_$(1))/tiny*.S tests/guest/common/*.[cS]))) \
		$(BUILD)/user/libmnos.a user/user.ld make/guest.mk
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(LD) -T user/user.ld -static --gc-sections --build-id=none -z max-page-size=4096 \
		-z noexecstack -o $$@ $$(filter %.o %.a,$$^)
$(BUILD)/guest/$(1): $(BUILD)/guest/$(1).elf
	$$(Q)$$(STRIP) --strip-all -o $$@ $$<
endef
$(foreach p,$(GUEST_PROGRAMS),$(eval $(call guest_program,$(p))))

GUEST_FILES := $(GUEST_PROGRAMS:%=$(BUILD)/guest/%)

$(BUILD)/guest/initrd.tar: $(GUEST_FILES)
	$(call say,TAR,$@)
	$(Q)tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@0 \
		-C $(BUILD)/guest -cf $@ $(GUEST_PROGRAMS)

.PHONY: test-guest
test-guest: $(BUILD)/kernel.elf $(BUILD)/guest/initrd.tar | $(SETUP_run) $(SETUP_test) ## hostile ring-3 programs against the kernel, in QEMU on 1 and 4 CPUs
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/guest/run.py --kernel $(BUILD)/kernel.elf \
		--initrd $(BUILD)/guest/initrd.tar --logs $(BUILD)/guest/logs

SOAK_SECONDS ?= 120

.PHONY: soak
soak: $(BUILD)/kernel.elf $(BUILD)/guest/initrd.tar | $(SETUP_run) $(SETUP_test) ## 10^7 random system calls, 10,000 accounts closed in a request, storms for SOAK_SECONDS (120)
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/guest/soak.py --kernel $(BUILD)/kernel.elf \
		--initrd $(BUILD)/guest/initrd.tar --logs $(BUILD)/guest/logs --seconds $(SOAK_SECONDS)
