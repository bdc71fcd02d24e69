# Differential fuzzing of the Wasm engine against node and wabt; see tests/fuzz/differential.

DIFFERENTIAL := tests/fuzz/differential
CFLAGS_$(DIFFERENTIAL)/driver.c := -Itools/mnos-wasm -Iwasm

define differential_driver
$(BUILD)/$(1)/wasm-driver: $(call objects,$(1),$(DIFFERENTIAL)/driver.c tools/mnos-wasm/command.c \
		tools/mnos-wasm/platform_linux.c) $(BUILD)/$(1)/libwasm.a
	$(call say,LINK,$$@)
	$(Q)$(CC) -fuse-ld=lld-19 $(2) -o $$@ $$^
endef
$(eval $(call differential_driver,host,-O2))
$(eval $(call differential_driver,asan,$(SANITIZE)))

# SEED=N repeats a run.
.PHONY: fuzz-differential
fuzz-differential: $(SETUP_test) $(BUILD)/host/wasm-driver $(BUILD)/asan/wasm-driver ## compare generated modules with node and wabt for FUZZ_SECONDS
	@if sh $(DIFFERENTIAL)/smith.sh fetch; then \
		$(PYTHON) $(DIFFERENTIAL)/fuzz.py --seconds $(FUZZ_SECONDS) $(if $(SEED),--seed $(SEED)) \
			--driver $(BUILD)/host/wasm-driver --driver '$(BUILD)/host/wasm-driver --explicit-bounds' \
			--driver $(BUILD)/asan/wasm-driver --smith 'sh $(DIFFERENTIAL)/smith.sh'; \
	else echo 'fuzz-differential: SKIPPED: wasm-tools of sid is not to be had' >&2; \
		echo '0 passed, 0 failed, 1 skipped'; fi
