# make bench-wasm: the Wasm engine's figures, as lines "name value unit".
#
#   make bench-wasm                                   against native gcc -O2
#   make bench-wasm PEER='wasm3'                      and against another engine: PEER FILE ARGS
#   make bench-wasm BENCH_ONLY='sieve lua' BENCH_ROUNDS=5
#
# make/setup.sh bench installs what it needs. Lua and SQLite are from Debian's sources, fetched
# once; where they are not to be had the two are left out and said so.

WASM_BENCH_DIR   := $(BUILD)/bench
WASM_BENCH_OWN   := fib sha256 keccak nbody matrix stencil dynamic vm_switch vm_indirect sieve bulk mix
WASM_BENCH_CC    := $(CC) -O2 --target=wasm32-wasi --sysroot=/usr -isystem /usr/include/wasm32-wasi -L/usr/lib/wasm32-wasi
WASM_BENCH_NATIVE := gcc -O2
WASM_BENCH_SRC   := $(WASM_BENCH_DIR)/src
WASM_BENCH_LUA   := -w -DLUAI_THROW\(L,c\)=abort\(\) -DLUAI_TRY\(L,c,a\)={a} -Dluai_jmpbuf=int \
	-I$(WASM_BENCH_SRC)/stub -I$(WASM_BENCH_SRC)/lua5.4/src -Itests/bench/wasm
WASM_BENCH_SQLITE := -w -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -I$(WASM_BENCH_SRC)
BENCH_ROUNDS ?= 3
BENCH_ONLY   ?=
PEER         ?=

$(WASM_BENCH_DIR)/native/%: tests/bench/wasm/%.c tests/bench/wasm/bench.h | $(SETUP_bench)
	$(call say,BENCH,$@)
	@mkdir -p $(@D)
	$(Q)$(WASM_BENCH_NATIVE) -o $@ $< -lm
$(WASM_BENCH_DIR)/wasm/%.wasm: tests/bench/wasm/%.c tests/bench/wasm/bench.h | $(SETUP_bench)
	$(call say,BENCH,$@)
	@mkdir -p $(@D)
	$(Q)$(WASM_BENCH_CC) -o $@ $<

# Fetched sources; the recipe never fails, bench.py says what is missing.
$(WASM_BENCH_SRC)/fetched: tests/bench/wasm/sources.sh | $(SETUP_bench)
	@mkdir -p $(@D)
	$(call say,FETCH,$(@D))
	$(Q)sh tests/bench/wasm/sources.sh && touch $@ || echo "bench-wasm: no Lua and SQLite: their sources are not to be had" >&2
.PHONY: bench-wasm-programs
bench-wasm-programs: $(WASM_BENCH_SRC)/fetched
	$(Q)[ ! -e $< ] || $(MAKE) --no-print-directory $(WASM_BENCH_DIR)/wasm/lua.wasm $(WASM_BENCH_DIR)/native/lua \
		$(WASM_BENCH_DIR)/wasm/sqlite.wasm $(WASM_BENCH_DIR)/native/sqlite

lua_sources = $(filter-out %/luac.c %/lua.c %/loslib.c %/liolib.c %/linit.c %/loadlib.c %/ldblib.c,$(wildcard $(WASM_BENCH_SRC)/lua5.4/src/*.c))
$(WASM_BENCH_DIR)/native/lua: tests/bench/wasm/lua_main.c
	$(call say,BENCH,$@)
	@mkdir -p $(@D)
	$(Q)$(WASM_BENCH_NATIVE) $(WASM_BENCH_LUA) -o $@ $< $(lua_sources) -lm
$(WASM_BENCH_DIR)/wasm/lua.wasm: tests/bench/wasm/lua_main.c
	$(call say,BENCH,$@)
	@mkdir -p $(@D)
	$(Q)$(WASM_BENCH_CC) $(WASM_BENCH_LUA) -I$(WASM_BENCH_SRC)/stub-wasm -D_WASI_EMULATED_SIGNAL \
		-D_WASI_EMULATED_PROCESS_CLOCKS -o $@ $< $(lua_sources) -lwasi-emulated-signal -lwasi-emulated-process-clocks
$(WASM_BENCH_DIR)/native/sqlite:
	$(call say,BENCH,$@)
	@mkdir -p $(@D)
	$(Q)$(WASM_BENCH_NATIVE) $(WASM_BENCH_SQLITE) -o $@ $(WASM_BENCH_SRC)/speedtest1.c $(WASM_BENCH_SRC)/sqlite3.c -lm
$(WASM_BENCH_DIR)/wasm/sqlite.wasm:
	$(call say,BENCH,$@)
	@mkdir -p $(@D)
	$(Q)$(WASM_BENCH_CC) $(WASM_BENCH_SQLITE) -D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_GETPID \
		-D_WASI_EMULATED_MMAN -o $@ $(WASM_BENCH_SRC)/speedtest1.c $(WASM_BENCH_SRC)/sqlite3.c \
		-lwasi-emulated-process-clocks -lwasi-emulated-mman

$(WASM_BENCH_DIR)/translate_all: tests/bench/wasm/translate_all.c $(BUILD)/host/libwasm.a
	$(call say,BENCH,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_host) -Iwasm -o $@ $^

WASM_BENCH_FILES := $(WASM_BENCH_DIR)/translate_all \
	$(foreach n,$(WASM_BENCH_OWN),$(WASM_BENCH_DIR)/native/$n $(WASM_BENCH_DIR)/wasm/$n.wasm)

.PHONY: bench-wasm
bench-wasm: $(SETUP_bench) $(BUILD)/host/mnos-wasm $(BUILD)/user/libwasm.a $(WASM_BENCH_FILES) bench-wasm-programs ## figures of the Wasm engine; PEER='command' compares
	$(Q)$(PYTHON) tests/bench/wasm/bench.py --engine $(BUILD)/host/mnos-wasm --programs $(WASM_BENCH_DIR) \
		--library $(BUILD)/user/libwasm.a --size $(SIZE) --rounds $(BENCH_ROUNDS) --peer "$(PEER)" --only "$(BENCH_ONLY)"
