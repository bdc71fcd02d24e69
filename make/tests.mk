# The tests. `make test` runs every part in order, each with a log under build/test/.
#
# A part is a target (build, test-*) whose last line is `N passed, N failed` with an
# optional `, N skipped`. A program of host tests is one file tests/unit/**/test_*.c, linked
# with the library sources and what UNIT_SOURCES_<path of the test> names.

TEST_LIMIT_SECONDS ?= 900
FUZZ_SECONDS       ?= 60
SMOKE_SECONDS      := 3

# The parts that exist: a part comes with its fragment.
TEST_PARTS := build test-unit \
	$(if $(wildcard make/wasm-tests.mk),test-unit-wasm) \
	$(if $(wildcard make/test-wasi.mk),test-unit-wasi test-wasi test-mnos-wasm) \
	$(if $(wildcard make/test-spec.mk),test-spec) test-fuzz \
	$(if $(wildcard make/spin.mk),test-spin) $(if $(wildcard make/guest.mk),test-guest) \
	$(if $(wildcard make/guest-spec.mk),test-guest-spec) \
	$(if $(wildcard make/guest-host.mk),test-guest-host) \
	$(if $(wildcard tests/bench/kernel/recorded.txt),bench-kernel-check) \
	$(if $(wildcard make/loader.mk),test-loader) \
	$(if $(wildcard make/e2e.mk),test-e2e)

.PHONY: test test-unit test-fuzz fuzz
test: $(SETUP_build) $(SETUP_test) ## run all tests (15 minutes at most on 2 cores)
	+@$(PYTHON) tests/harness/run_parts.py --make '$(MAKE)' --logs $(BUILD)/test \
		--limit $(TEST_LIMIT_SECONDS) $(TEST_PARTS)

# --- host unit tests: cmocka, with ASan and UBSan ---

UNIT_TESTS      := $(sort $(foreach f,core kernel user tools,$(wildcard tests/unit/$(f)/test_*.c)))
UNIT_PROGRAMS   := $(UNIT_TESTS:tests/%.c=$(BUILD)/%)
BYTES_RENAMED   := $(BUILD)/unit/core/bytes_renamed.o
BYTES_FUNCTIONS := memcpy memmove memset memcmp strlen

# Kernel sources see the fakes of the machine first: no direct map, no CPU structure.
UNIT_INCLUDES := -Itests -Itests/unit -Itests/unit/kernel/fake -Ikernel -Iuser -Iuser/libmnos/include
$(foreach f,kernel tests,$(foreach v,asan fuzz cov,$(eval $(BUILD)/$(v)/$(f)/%: CFLAGS_$(v) += $(UNIT_INCLUDES))))

test-unit: $(SETUP_test) $(UNIT_PROGRAMS) ## host unit tests of core, kernel and ring 3
	@$(PYTHON) tests/harness/run_unit.py $(UNIT_PROGRAMS)

define unit_program
$(1:tests/%.c=$(BUILD)/%): $(call objects,asan,$(1) $(CORE_SOURCES) $(UNIT_SOURCES_$(1))) $(UNIT_OBJECTS_$(1))
	$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(SANITIZE) $$^ -lcmocka -o $$@
endef

# core/bytes.c is tested as the object that ring 3 gets, beside the host's functions.
UNIT_OBJECTS_tests/unit/core/test_bytes.c := $(BYTES_RENAMED)
$(BYTES_RENAMED): $(call objects,user,core/bytes.c)
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) $(foreach f,$(BYTES_FUNCTIONS),--redefine-sym $(f)=tested_$(f)) $< $@

$(foreach t,$(UNIT_TESTS),$(eval $(call unit_program,$(t))))

# --- branch coverage of core and of the kernel's pure code, by the same tests ---

COVERAGE_TESTS    := $(filter tests/unit/core/% tests/unit/kernel/%,$(UNIT_TESTS))
COVERAGE_PROGRAMS := $(COVERAGE_TESTS:tests/%.c=$(BUILD)/coverage/%)
COVERAGE_PROFILE  := $(BUILD)/coverage/all.profdata

define coverage_program
$(1:tests/%.c=$(BUILD)/coverage/%): $(call objects,cov,$(1) $(CORE_SOURCES) $(UNIT_SOURCES_$(1))) $(UNIT_OBJECTS_$(1))
	$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(CFLAGS_cov) $$^ -lcmocka -o $$@
endef
$(foreach t,$(COVERAGE_TESTS),$(eval $(call coverage_program,$(t))))

.PHONY: coverage
coverage: $(SETUP_test) $(COVERAGE_PROGRAMS) ## lines and branches of core and kernel that the unit tests run
	@rm -f $(BUILD)/coverage/*.profraw
	@for p in $(COVERAGE_PROGRAMS); do \
		LLVM_PROFILE_FILE=$(BUILD)/coverage/$${p##*/}.profraw $$p >/dev/null 2>&1 || exit 1; done
	@llvm-profdata-19 merge -o $(COVERAGE_PROFILE) $(BUILD)/coverage/*.profraw
	@llvm-cov-19 report -instr-profile=$(COVERAGE_PROFILE) -show-region-summary=0 \
		-ignore-filename-regex='^(tests|abi)/|\.h$$' \
		$(firstword $(COVERAGE_PROGRAMS)) $(COVERAGE_PROGRAMS:%=-object=%)

# --- libFuzzer: one program a file tests/fuzz/fuzz_*.c ---
#
# A fragment with fuzzers of its own adds its programs to FUZZ_PROGRAMS. The committed
# corpus of a fuzzer is tests/fuzz/corpus/<its name>; what is found grows under build/.

FUZZ_TESTS    := $(filter-out tests/fuzz/fuzz_wasm%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_PROGRAMS += $(FUZZ_TESTS:tests/fuzz/%.c=$(BUILD)/fuzzers/%)

define fuzz_program
$(BUILD)/fuzzers/$(notdir $(1:.c=)): $(call objects,fuzz,$(1) $(CORE_SOURCES) $(FUZZ_SOURCES_$(1)))
	$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(SANITIZE) -fsanitize=fuzzer $$^ -o $$@
endef

$(foreach t,$(FUZZ_TESTS),$(eval $(call fuzz_program,$(t))))

fuzz: $(SETUP_test) ## run every fuzzer for FUZZ_SECONDS (60) each
	+@$(MAKE) --no-print-directory $(FUZZ_PROGRAMS)
	@$(PYTHON) tests/harness/run_fuzz.py --build $(BUILD) --seconds $(FUZZ_SECONDS) $(FUZZ_PROGRAMS)

test-fuzz: $(SETUP_test) ## a few seconds of every fuzzer on its committed corpus
	+@$(MAKE) --no-print-directory $(FUZZ_PROGRAMS)
	@$(PYTHON) tests/harness/run_fuzz.py --build $(BUILD) --seconds $(SMOKE_SECONDS) $(FUZZ_PROGRAMS)
