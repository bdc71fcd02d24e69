# The end-to-end tests: the system in QEMU, and `mnos` itself. See docs/testing.md.

.PHONY: test-e2e
test-e2e: $(BUILD)/kernel.elf $(BUILD)/initrd.tar $(BUILD)/host/mnos | $(SETUP_run) $(SETUP_test) ## boot the system in QEMU in many ways and read what it prints
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/e2e/run.py
