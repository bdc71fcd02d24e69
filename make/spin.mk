# Models of the kernel's protocols between CPUs, checked by Spin: seconds.

.PHONY: test-spin
test-spin: | $(SETUP_test) ## protocols between CPUs, checked by Spin
	@$(PYTHON) tests/model/run_spin.py $(BUILD)/spin $(sort $(wildcard tests/model/*.pml))
