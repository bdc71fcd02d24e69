# The kernel's figures, under QEMU's instruction counter: a program in Init's place measures
# them, with a partner process for messages. See docs/testing.md.

BENCH_KERNEL          := $(BUILD)/bench/kernel
BENCH_KERNEL_programs := init partner
BENCH_KERNEL_start_init    := tests/bench/kernel/init/start.S
BENCH_KERNEL_start_partner := user/libmnos/start.S

$(foreach s,$(wildcard tests/bench/kernel/*/*.c),$(eval CFLAGS_$(s) := -Itests))

define bench_kernel_program
$(BENCH_KERNEL)/$(1).elf: $$(call objects,user,$$(BENCH_KERNEL_start_$(1)) \
		$$(wildcard tests/bench/kernel/$(1)/*.c)) $(BUILD)/user/libmnos.a user/user.ld
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(LD) -T user/user.ld -static --gc-sections --build-id=none -z max-page-size=4096 \
		-z noexecstack -o $$@ $$(filter %.o %.a,$$^)
$(BENCH_KERNEL)/$(1): $(BENCH_KERNEL)/$(1).elf
	$$(Q)$$(STRIP) --strip-all -o $$@ $$<
endef
$(foreach p,$(BENCH_KERNEL_programs),$(eval $(call bench_kernel_program,$(p))))

$(BENCH_KERNEL)/initrd.tar: $(BENCH_KERNEL_programs:%=$(BENCH_KERNEL)/%)
	$(call say,TAR,$@)
	$(Q)tar --format=ustar -C $(BENCH_KERNEL) -cf $@ $(BENCH_KERNEL_programs)

BENCH_KERNEL_recorded := tests/bench/kernel/recorded.txt
BENCH_KERNEL_run := $(PYTHON) tests/bench/kernel/run.py --size $(SIZE) \
	--kernel $(BUILD)/kernel.elf --bench-initrd $(BENCH_KERNEL)/initrd.tar

.PHONY: bench-kernel bench-kernel-check bench-kernel-record
bench-kernel: $(BUILD)/kernel.elf $(BUILD)/initrd.tar $(BENCH_KERNEL)/initrd.tar | $(SETUP_run) $(SETUP_test) ## the kernel's figures: instructions, bytes, the time of a boot
	@$(BENCH_KERNEL_run) --initrd $(BUILD)/initrd.tar

# Part of `make test`: no figure is more than 2 % above the recorded one.
bench-kernel-check: $(BUILD)/kernel.elf $(BENCH_KERNEL)/initrd.tar | $(SETUP_run) $(SETUP_test)
	@$(BENCH_KERNEL_run) --check $(BENCH_KERNEL_recorded)

bench-kernel-record: $(BUILD)/kernel.elf $(BENCH_KERNEL)/initrd.tar | $(SETUP_run) $(SETUP_test) ## write the kernel's figures down as the ones to keep
	@$(BENCH_KERNEL_run) --record $(BENCH_KERNEL_recorded)
