# apps/: small Wasm programs of our own, a folder each: build/apps/<name>.wasm.
#
# Freestanding C to wasm32. What a program exports and imports stands in its source;
# APP_LDFLAGS_<name> adds to the link.

APPS := $(patsubst apps/%/main.c,%,$(wildcard apps/*/main.c))

# One page of memory: a stack of 4 KiB before the data.
APP_LDFLAGS := --no-entry --gc-sections --strip-all -z stack-size=4096

define app
$(BUILD)/apps/$(1).wasm: $$(call objects,wasm32,$$(sort $$(wildcard apps/$(1)/*.c))) make/apps.mk
	$$(call say,WASM,$$@)
	@mkdir -p $$(@D)
	$$(Q)wasm-ld-19 $$(APP_LDFLAGS) $$(APP_LDFLAGS_$(1)) -o $$@ $$(filter %.o,$$^)
endef
$(foreach a,$(APPS),$(eval $(call app,$(a))))

.PHONY: apps
apps: $(APPS:%=$(BUILD)/apps/%.wasm) ## build the Wasm programs of apps/
