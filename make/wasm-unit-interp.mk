# Unit tests of the interpreter, run with the engine's others (make/wasm-tests.mk).

WASM_INTERP_TESTS := $(sort $(wildcard tests/unit/wasm_interp/test_*.c))
WASM_INTERP_FORMS := $(wildcard tests/unit/wasm_interp/forms_*.c)
$(foreach s,$(WASM_INTERP_TESTS) $(WASM_INTERP_FORMS),$(eval CFLAGS_$(s) += -Itests/unit))

define wasm_interp_program
$(1:tests/%.c=$(BUILD)/%): $(call objects,asan,$(1) $(WASM_INTERP_FORMS)) $(BUILD)/asan/libwasm.a
	$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(SANITIZE) $$^ -lcmocka -o $$@
endef
$(foreach t,$(WASM_INTERP_TESTS),$(eval $(call wasm_interp_program,$(t))))

WASM_UNIT_PROGRAMS += $(WASM_INTERP_TESTS:tests/%.c=$(BUILD)/%)
test-unit-wasm: $(WASM_INTERP_TESTS:tests/%.c=$(BUILD)/%)
