# The official suite's first version inside of the system: the runner of mnos-wasm built for
# ring 3, in Init's place, with the converted test files in its initrd.

GUEST_SPEC         := $(BUILD)/guest-spec
GUEST_SPEC_runner  := $(addprefix tools/mnos-wasm/,json.c json_document.c spec_assert.c spec_host.c \
	spec_modules.c spec_run.c spec_values.c)
GUEST_SPEC_sources := $(wildcard tests/guest_spec/*.c) $(GUEST_SPEC_runner)
GUEST_SPEC_flags   := -isystem tests/guest_spec/include -Itools/mnos-wasm -DPATH_MAX=4096
$(foreach s,$(GUEST_SPEC_sources),$(eval CFLAGS_user/$(s) := $(GUEST_SPEC_flags)))

$(GUEST_SPEC)/init.elf: $(call objects,user,user/libmnos/start.S $(GUEST_SPEC_sources)) \
		$(BUILD)/user/libwasm.a $(BUILD)/user/libmnos.a user/user.ld
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(LD) -T user/user.ld -static --gc-sections --build-id=none -z max-page-size=4096 \
		-z noexecstack -o $@ $(filter %.o %.a,$^)

$(GUEST_SPEC)/initrd.tar: $(GUEST_SPEC)/init.elf $(BUILD)/spec/fetched.ok
	$(call say,TAR,$@)
	@rm -rf $(GUEST_SPEC)/files && mkdir -p $(GUEST_SPEC)/files
	$(Q)for suite in v1 own; do \
		[ ! -d $(BUILD)/spec/suites/$$suite ] || cp -r $(BUILD)/spec/suites/$$suite $(GUEST_SPEC)/files/; \
	done
	$(Q)find $(GUEST_SPEC)/files -type f ! -name '*.json' ! -name '*.wasm' -delete
	$(Q)$(STRIP) --strip-all -o $(GUEST_SPEC)/files/init $<
	$(Q)cd $(GUEST_SPEC)/files && tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX \
		--mtime=@0 --sort=name -cf ../initrd.tar *

.PHONY: test-guest-spec
test-guest-spec: $(BUILD)/kernel.elf $(GUEST_SPEC)/initrd.tar $(BUILD)/host/mnos | $(SETUP_run) $(SETUP_test) ## the official WebAssembly 1.0 suite, inside of the system
	@sh tests/guest_spec/run.sh $(GUEST_SPEC)
