# Real WASI programs, from npm and from Debian's sources, run by mnos-wasm.

.PHONY: test-programs
test-programs: $(SETUP_test) $(BUILD)/host/mnos-wasm $(BUILD)/programs/fetched.ok ## run CPython, ripgrep, clang, SQLite, ... in mnos-wasm
	@$(PYTHON) tests/programs/run.py $(BUILD)/host/mnos-wasm

$(BUILD)/programs/fetched.ok: tests/programs/fetch.sh tests/programs/unpack_ripgrep.mjs \
		tests/spec/apt_root.sh $(wildcard tests/programs/compat/*.h) | $(SETUP_test)
	@sh tests/programs/fetch.sh
