# MinimalOS. `make help` lists the targets; make/*.mk hold one part each.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

include make/config.mk
include $(filter-out make/config.mk,$(sort $(wildcard make/*.mk)))

.PHONY: help clean
help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' Makefile make/*.mk

clean: ## remove everything that was built
	rm -rf $(BUILD)
