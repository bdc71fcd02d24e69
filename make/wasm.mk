# The Wasm engine: a static library for each variant, and the host command mnos-wasm.
#
#   build/host/libwasm.a   optimised, for mnos-wasm and benchmarks
#   build/asan/libwasm.a   ASan + UBSan, for unit tests      build/fuzz/libwasm.a  for fuzzers
#   build/user/libwasm.a   ring 3, freestanding: link it with libmnos and core/bytes.c
#
# Sources are found by folder. Those of wasm/wasi/ whose name begins with linux_ need a host
# libc and stay out of the ring-3 library. A folder adds flags for a source of its own by
# CFLAGS_<path> += ... in its own make fragment.

WASM_ENGINE_SOURCES := $(sort $(foreach d,module validate runtime interp jit,$(wildcard wasm/$d/*.c)))
WASM_WASI_SOURCES   := $(sort $(filter-out wasm/wasi/linux_%.c,$(wildcard wasm/wasi/*.c)))
WASM_LINUX_SOURCES  := $(sort $(wildcard wasm/wasi/linux_*.c))
WASM_COMMAND_SOURCES := $(sort $(wildcard tools/mnos-wasm/*.c))

WASM_SOURCES        := $(WASM_ENGINE_SOURCES) $(WASM_WASI_SOURCES)
WASM_SOURCES_user   := $(WASM_SOURCES)
WASM_SOURCES_host   := $(WASM_SOURCES) $(WASM_LINUX_SOURCES) core/format.c
WASM_SOURCES_asan   := $(WASM_SOURCES_host)
WASM_SOURCES_fuzz   := $(WASM_SOURCES_host)
WASM_SOURCES_cov    := $(WASM_SOURCES_host)

# Inside the engine, headers are named from wasm/ ("module/module.h"). SSE4.1 has roundsd.
$(foreach s,$(WASM_SOURCES) $(WASM_LINUX_SOURCES),$(eval CFLAGS_$(s) += -Iwasm -msse4.1))
# The kernel's reports follow frame pointers; the engine's handlers have a better use for RBP.
$(foreach s,$(WASM_SOURCES),$(eval CFLAGS_user/$(s) += -fomit-frame-pointer))
$(foreach s,$(WASM_COMMAND_SOURCES),$(eval CFLAGS_$(s) += -Iwasm))

# clang-19 refuses preserve_none functions with a dynamic frame, which AddressSanitizer gives to
# functions whose locals it watches: in threaded handlers it watches the heap only.
$(foreach v,asan fuzz,$(foreach f,ops hot,$(eval $(BUILD)/$(v)/wasm/interp/$(f)%: CFLAGS_$(v) += -mllvm -asan-stack=0)))

define wasm_library
$(BUILD)/$(1)/libwasm.a: $(call objects,$(1),$(WASM_SOURCES_$(1)))
	$(call say,AR,$$@)
	@rm -f $$@
	$(Q)$(AR) rcs $$@ $$^
endef
$(foreach v,user host asan fuzz cov,$(eval $(call wasm_library,$(v))))

$(BUILD)/host/mnos-wasm: $(call objects,host,$(WASM_COMMAND_SOURCES)) $(BUILD)/host/libwasm.a
	$(call say,LINK,$@)
	$(Q)$(CC) -fuse-ld=lld-19 -O2 -Wl,--gc-sections -o $@ $^

$(BUILD)/asan/mnos-wasm: $(call objects,asan,$(WASM_COMMAND_SOURCES)) $(BUILD)/asan/libwasm.a
	$(call say,LINK,$@)
	$(Q)$(CC) -fuse-ld=lld-19 $(SANITIZE) -o $@ $^

.PHONY: wasm
wasm: $(BUILD)/host/libwasm.a $(BUILD)/user/libwasm.a $(if $(WASM_COMMAND_SOURCES),$(BUILD)/host/mnos-wasm) ## build the Wasm engine and mnos-wasm
