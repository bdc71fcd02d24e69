# apps/: small Wasm programs of our own, a folder each: build/apps/<name>.wasm.
#
# hello_wasm is freestanding C to wasm32: what it exports and imports stands in its source.
# The others are WASI commands, with the C library of package wasi-libc.

APPS         := $(patsubst apps/%/main.c,%,$(wildcard apps/*/main.c))
APPS_LIBRARY := hello_wasm
APPS_COMMAND := $(filter-out $(APPS_LIBRARY),$(APPS))

# One page of memory: a stack of 4 KiB before the data.
APP_LDFLAGS := --no-entry --gc-sections --strip-all -z stack-size=4096

define app
$(BUILD)/apps/$(1).wasm: $$(call objects,wasm32,$$(sort $$(wildcard apps/$(1)/*.c))) make/apps.mk
	$$(call say,WASM,$$@)
	@mkdir -p $$(@D)
	$$(Q)wasm-ld-19 $$(APP_LDFLAGS) -o $$@ $$(filter %.o,$$^)
endef
$(foreach a,$(APPS_LIBRARY),$(eval $(call app,$(a))))

define command_app
$(BUILD)/apps/$(1).wasm: $$(sort $$(wildcard apps/$(1)/*.c)) make/apps.mk | $$(SETUP_build)
	$$(call say,WASM,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(CFLAGS_wasi) -s $$(filter %.c,$$^) -o $$@
endef
$(foreach a,$(APPS_COMMAND),$(eval $(call command_app,$(a))))

.PHONY: apps
apps: $(APPS:%=$(BUILD)/apps/%.wasm) ## build the Wasm programs of apps/
