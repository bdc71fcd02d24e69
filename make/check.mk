# The checks. `make check` prints `ok name` or `FAIL name` with details for each, and ends in
# `N passed, N failed`. `make check CHECKS='format layers'` runs some of them.

CHECKS ?=

# Written for another C library (wasi-libc), some against sources that are fetched.
CHECK_foreign := tests/bench/wasm/lua_main.c tests/programs/% tests/wasi/%

CHECK_sources := $(filter-out $(CHECK_foreign),$(sort $(shell find abi core kernel user wasm tools \
	apps tests -name '*.[ch]' -not -path '*/corpus/*' 2>/dev/null)))

# The variant that a source or header is checked as, by where it lies.
check_variant = $(or $(if $(filter kernel/% tests/loader/%,$(1)),kernel),$(if $(filter apps/hello_wasm/%,$(1)),wasm32),$(if $(filter apps/% tests/guest_host/modules/%,$(1)),wasi), \
	$(if $(filter tools/% wasm/wasi/linux_%,$(1)),host), \
	$(if $(filter tests/unit/% tests/fuzz/% tests/model/%,$(1)),asan), \
	$(if $(filter tests/bench/wasm/% tests/spec/%,$(1)),host),user)

# Folders of headers, by where a source lies. Those that a fragment gives it come on top.
check_includes = $(if $(filter tests/unit/% tests/fuzz/% tests/model/%,$(1)),$(UNIT_INCLUDES)) \
	$(if $(filter tests/guest_spec/%,$(1)),-isystem tests/guest_spec/include -Itools/mnos-wasm) \
	$(if $(filter tests/guest/% tests/guest_host/% tests/bench/kernel/%,$(1)),-Itests) \
	$(if $(filter tests/e2e/%,$(1)),-Itests/e2e/programs) \
	$(if $(filter tests/bench/%,$(1)),-Wno-unused-const-variable) \
	$(if $(filter tests/unit/tools/% tests/fuzz/fuzz_symbols%,$(1)),-Itools) \
	$(if $(filter tests/unit/wasi/% tests/fuzz/differential/%,$(1)),-Itools/mnos-wasm) \
	$(if $(filter tests/unit/wasm/%,$(1)),-I$(BUILD)/gen/wasm-tests) \
	$(if $(filter wasm/% user/wasm_host/% tools/mnos-wasm/% tests/bench/wasm/translate_all.c tests/unit/wasm/% tests/unit/wasi/% tests/fuzz/fuzz_wasm%,$(1)),-Iwasm -msse4.1)

.PHONY: check check-self-test
check: $(SETUP_check) $(SETUP_build) ## format, lint, layers, sizes, and what the kernel must not hold
	$(shell mkdir -p $(BUILD)/check)
	$(file >$(BUILD)/check/flags.txt,)
	$(foreach s,$(CHECK_sources),$(file >>$(BUILD)/check/flags.txt,$(s) $(CFLAGS_$(strip $(call check_variant,$(s)))) $(CFLAGS_$(s)) $(call check_includes,$(s))))
	$(if $(WASM_MODULES_H),+@$(MAKE) --no-print-directory -s $(WASM_MODULES_H))
	+@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/check/run_checks.py --build $(BUILD) --make '$(MAKE)' $(CHECKS)

check-self-test: $(SETUP_check) $(SETUP_build) ## plant a fault for each check and see it found
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/check/self_test.py $(BUILD)/check/self-test
