# Unit tests and fuzzers of the Wasm engine.
#
# A test program is one file tests/unit/wasm/test_*.c, linked with wasm_unit.c and the engine's
# library, both with ASan and UBSan. Modules that tests run are text, assembled at build time.

WASM_UNIT_TESTS    := $(sort $(wildcard tests/unit/wasm/test_*.c))
WASM_UNIT_PROGRAMS := $(WASM_UNIT_TESTS:tests/%.c=$(BUILD)/%)
WASM_TEST_MODULES  := $(sort $(wildcard tests/unit/wasm/modules/*.wat))
WASM_MODULES_H     := $(BUILD)/gen/wasm-tests/wasm_modules.h

$(WASM_MODULES_H): tests/unit/wasm/modules_to_c.py $(WASM_TEST_MODULES) | $(SETUP_test)
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)$(PYTHON) $< $@ $(WASM_TEST_MODULES)

$(foreach s,$(WASM_UNIT_TESTS) tests/unit/wasm/wasm_unit.c,$(eval \
	CFLAGS_$(s) += -Iwasm -msse4.1 -I$(BUILD)/gen/wasm-tests))
$(call objects,asan,$(WASM_UNIT_TESTS) tests/unit/wasm/wasm_unit.c): $(WASM_MODULES_H)

define wasm_unit_program
$(1:tests/%.c=$(BUILD)/%): $(call objects,asan,$(1) tests/unit/wasm/wasm_unit.c) $(BUILD)/asan/libwasm.a
	$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(SANITIZE) $$^ -lcmocka -lpthread -o $$@
endef
$(foreach t,$(WASM_UNIT_TESTS),$(eval $(call wasm_unit_program,$(t))))

# The embedding guide's program, as one more test program.
WASM_EMBEDDING := $(BUILD)/unit/wasm/embedding
$(WASM_EMBEDDING): tests/unit/wasm/run_embedding.py docs/wasm/embedding.md $(BUILD)/asan/libwasm.a
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec $(PYTHON) $< $(BUILD)/gen/wasm-embedding $(BUILD)/asan/libwasm.a $(CC) $(SANITIZE) -Iwasm/include\n' >$@
	@chmod +x $@

.PHONY: test-unit-wasm
test-unit-wasm: $(SETUP_test) $(WASM_UNIT_PROGRAMS) $(WASM_EMBEDDING) ## unit tests of the Wasm engine
	@$(PYTHON) tests/harness/run_unit.py $(WASM_UNIT_PROGRAMS) $(WASM_EMBEDDING)

# --- libFuzzer: tests/fuzz/fuzz_wasm_*.c ---
#
# The committed corpora are made from the unit tests' modules; `make fuzz` runs these fuzzers
# with all the others.

WASM_FUZZ_TESTS := $(sort $(wildcard tests/fuzz/fuzz_wasm_*.c))
FUZZ_PROGRAMS   += $(WASM_FUZZ_TESTS:tests/fuzz/%.c=$(BUILD)/fuzzers/%)

$(foreach s,$(WASM_FUZZ_TESTS),$(eval CFLAGS_$(s) += -Iwasm -msse4.1))

define wasm_fuzz_program
$(1:tests/fuzz/%.c=$(BUILD)/fuzzers/%): $(call objects,fuzz,$(1)) $(BUILD)/fuzz/libwasm.a
	$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(SANITIZE) -fsanitize=fuzzer $$^ -o $$@
endef
$(foreach t,$(WASM_FUZZ_TESTS),$(eval $(call wasm_fuzz_program,$(t))))
