# The official WebAssembly test suite: fetched and converted under build/spec, run by mnos-wasm.

.PHONY: test-spec
test-spec: $(SETUP_test) $(BUILD)/host/mnos-wasm $(BUILD)/spec/fetched.ok ## run the official WebAssembly test suite
	@sh tests/spec/run.sh $(BUILD)/host/mnos-wasm

# Fetched once; after a failure what there is runs, and the next time it is tried again.
$(BUILD)/spec/fetched.ok: tests/spec/fetch.sh tests/spec/apt_root.sh $(wildcard tests/spec/own/*.wast) | $(SETUP_test)
	@sh tests/spec/fetch.sh || true
