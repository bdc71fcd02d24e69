# wasm_host inside of the system: a supervisor in Init's place runs small modules over the RAM file
# system (tests/guest_host).

GUEST_HOST         := $(BUILD)/guest-host
GUEST_HOST_sources := $(wildcard tests/guest_host/*.c)
GUEST_HOST_modules := $(patsubst tests/wasi/%.c,$(BUILD)/wasi/%.wasm,$(wildcard tests/wasi/*.c)) $(GUEST_HOST)/probe.wasm \
	$(patsubst %,$(BUILD)/apps/%.wasm,hello cat wc hello_wasm)
$(foreach s,$(GUEST_HOST_sources),$(eval CFLAGS_user/$(s) := -Itests))

$(GUEST_HOST)/init.elf: $(call objects,user,user/libmnos/start.S $(GUEST_HOST_sources)) \
		$(BUILD)/user/libfile.a $(BUILD)/user/libmnos.a user/user.ld
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(LD) -T user/user.ld -static --gc-sections --build-id=none -z max-page-size=4096 \
		-z noexecstack -o $@ $(filter %.o %.a,$^)

$(GUEST_HOST)/probe.wasm: tests/guest_host/modules/probe.c
	$(call say,WASI,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_wasi) $< -o $@

$(GUEST_HOST)/initrd.tar: $(GUEST_HOST)/init.elf $(BUILD)/user/wasm_host $(BUILD)/user/ramfs $(GUEST_HOST_modules)
	$(call say,TAR,$@)
	@rm -rf $(GUEST_HOST)/files && mkdir -p $(GUEST_HOST)/files
	$(Q)cp $(BUILD)/user/wasm_host $(BUILD)/user/ramfs $(GUEST_HOST_modules) $(GUEST_HOST)/files/
	$(Q)head -c 5000 $(BUILD)/apps/cat.wasm >$(GUEST_HOST)/files/damaged.wasm
	$(Q)$(STRIP) --strip-all -o $(GUEST_HOST)/files/init $<
	$(Q)cd $(GUEST_HOST)/files && tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX \
		--mtime=@0 --sort=name -cf ../initrd.tar *

.PHONY: test-guest-host
test-guest-host: $(BUILD)/kernel.elf $(GUEST_HOST)/initrd.tar $(BUILD)/host/mnos | $(SETUP_run) $(SETUP_test) ## run Wasm programs in wasm_host, inside of the system
	@./mnos boot --memory 512M --timeout 300 --initrd $(GUEST_HOST)/initrd.tar </dev/null >$(GUEST_HOST)/log.txt 2>&1; \
		status=$$?; tr -d '\r' <$(GUEST_HOST)/log.txt; exit $$status
