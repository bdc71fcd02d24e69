# Real WASI programs, from npm and from Debian's sources, run by mnos-wasm and inside of the
# system. The table of docs/programs.md is build/programs/table.md.

.PHONY: test-programs
test-programs: $(SETUP_test) $(SETUP_run) build $(BUILD)/programs/fetched.ok ## run CPython, ripgrep, clang, SQLite, ... in mnos-wasm and in the system
	@$(PYTHON) tests/programs/run.py $(BUILD)/host/mnos-wasm $(BUILD)/host/mnos --table $(BUILD)/programs/table.md

$(BUILD)/programs/fetched.ok: tests/programs/fetch.sh tests/programs/unpack_ripgrep.mjs \
		tests/spec/apt_root.sh $(wildcard tests/programs/compat/*.h) | $(SETUP_test)
	@sh tests/programs/fetch.sh
