# Tests of WASI: unit tests of its inner parts, and hostile programs run in mnos-wasm.

WASI_UNIT_TESTS    := $(sort $(wildcard tests/unit/wasi/test_*.c))
WASI_UNIT_PROGRAMS := $(WASI_UNIT_TESTS:tests/%.c=$(BUILD)/%)
WASI_UNIT_SHARED   := tests/unit/wasi/fake_tree.c tools/mnos-wasm/json.c tools/mnos-wasm/json_document.c

$(foreach s,$(WASI_UNIT_TESTS) tests/unit/wasi/fake_tree.c,$(eval \
	CFLAGS_$(s) += -Itests/unit -Iwasm -Itools/mnos-wasm))

define wasi_unit_program
$(1:tests/%.c=$(BUILD)/%): $(call objects,asan,$(1) $(WASI_UNIT_SHARED)) $(BUILD)/asan/libwasm.a
	$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(SANITIZE) $$^ -lcmocka -o $$@
endef
$(foreach t,$(WASI_UNIT_TESTS),$(eval $(call wasi_unit_program,$(t))))

.PHONY: test-unit-wasi test-wasi
test-unit-wasi: $(SETUP_test) $(WASI_UNIT_PROGRAMS) ## unit tests of WASI's paths and descriptors
	@$(PYTHON) tests/harness/run_unit.py $(WASI_UNIT_PROGRAMS)

# Programs of our own for wasm32-wasi, one source each. Where the toolchain for WASI is absent
# (packages wasi-libc and libclang-rt-19-dev-wasm32) run.py says so and counts them as skipped.
WASI_PROGRAMS := $(patsubst tests/wasi/%.c,$(BUILD)/wasi/%.wasm,$(sort $(wildcard tests/wasi/*.c)))

$(BUILD)/wasi/%.wasm: tests/wasi/%.c tests/wasi/attack.h
	$(call say,WASI,$@)
	@mkdir -p $(@D)
	$(Q)if [ -e /usr/lib/wasm32-wasi/libc.a ]; then \
		$(CC) --target=wasm32-wasi --sysroot=/usr -nostdinc -isystem /usr/include/wasm32-wasi \
			-isystem $$($(CC) -print-resource-dir)/include -std=c17 -O1 -Wall -Wextra -Werror $< -o $@; fi

test-wasi: $(SETUP_test) $(BUILD)/host/mnos-wasm $(BUILD)/asan/mnos-wasm $(WASI_PROGRAMS) ## attack the WASI sandbox; compare with node
	@$(PYTHON) tests/wasi/run.py $(BUILD)/asan/mnos-wasm $(BUILD)/wasi

.PHONY: test-mnos-wasm
test-mnos-wasm: $(SETUP_test) $(BUILD)/host/mnos-wasm ## options, limits and exit statuses of mnos-wasm
	@$(PYTHON) tests/mnos-wasm/command.py $(BUILD)/host/mnos-wasm

CFLAGS_tools/mnos-wasm/main.c += -DMN_VERSION='"$(MN_VERSION)"'
