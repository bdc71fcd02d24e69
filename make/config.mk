# Toolchain, variants and the one compile rule. Every other make/*.mk builds on this file.
#
# A variant is a set of compiler flags with a folder of its own: build/<variant>/<path of the source>.o
#   kernel   ring 0, no vector registers          user     ring 3, freestanding
#   wasm32   programs of our own (apps/)          host     the host command and mnos-wasm, optimised
#   asan     host tests, ASan + UBSan             fuzz     the same with libFuzzer's instrumentation
#   cov      host tests, branch coverage
#
# A part of the project (make/kernel.mk, make/user.mk, ...) names its sources and asks for objects:
#   objs := $(call objects,kernel,kernel/main.c kernel/arch/x86_64/entry.S)

BUILD   := build
CC      := clang-19
LD      := ld.lld-19
AR      := llvm-ar-19
OBJCOPY := llvm-objcopy-19
STRIP   := llvm-strip-19
SIZE    := llvm-size-19
PYTHON  := python3

# Say what runs, not how, unless V=1.
V ?= 0
ifeq ($(V),0)
Q   := @
say  = @printf '  %-8s %s\n' '$(1)' '$(2)'
else
Q   :=
say  = @:
endif

MN_VERSION := 0.1.0

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wundef -Wpointer-arith -Wwrite-strings -Wimplicit-fallthrough -Wvla -Wcast-qual
INCLUDES := -Iabi/include -Icore/include -Iwasm/include
COMMON   := -std=c17 -g -fno-common -fno-strict-aliasing -ffile-prefix-map=$(CURDIR)=. \
	-ffunction-sections -fdata-sections $(WARNINGS) $(INCLUDES)
FREE     := --target=x86_64-unknown-none-elf -ffreestanding -nostdlibinc -fno-pic -fno-pie \
	-fno-stack-protector -fno-asynchronous-unwind-tables

CFLAGS_kernel := $(COMMON) $(FREE) -O2 -mcmodel=kernel -mno-red-zone -mgeneral-regs-only \
	-fno-omit-frame-pointer -momit-leaf-frame-pointer -fno-jump-tables -Ikernel
CFLAGS_user   := $(COMMON) $(FREE) -O2 -fno-omit-frame-pointer -momit-leaf-frame-pointer -Iuser/libmnos/include -Iuser
CFLAGS_wasm32 := -std=c17 -O2 --target=wasm32-unknown-unknown -ffreestanding -nostdlibinc $(WARNINGS)
CFLAGS_wasi    = -std=c17 -O2 --target=wasm32-wasi --sysroot=/usr -nostdinc -isystem /usr/include/wasm32-wasi \
	-isystem $(shell $(CC) -print-resource-dir 2>/dev/null)/include $(WARNINGS)
CFLAGS_host   := $(COMMON) -O2 -D_GNU_SOURCE
SANITIZE      := -fsanitize=address,undefined -fno-sanitize-recover=all
CFLAGS_asan   := $(COMMON) -O1 -fno-omit-frame-pointer -D_GNU_SOURCE $(SANITIZE)
CFLAGS_fuzz   := $(CFLAGS_asan) -fsanitize=fuzzer-no-link
CFLAGS_cov    := $(COMMON) -O0 -D_GNU_SOURCE -fprofile-instr-generate -fcoverage-mapping

# objects VARIANT,SOURCES: the object files of SOURCES in VARIANT.
objects = $(patsubst %,$(BUILD)/$(1)/%.o,$(2))

# Extra flags for one source: CFLAGS_<path>, in one variant CFLAGS_<variant>/<path>; for instance CFLAGS_wasm/interp/simd.c := -mssse3
define variant
$(BUILD)/$(1)/%.c.o: %.c make/config.mk | $(SETUP_build)
	$(call say,CC,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $$(CFLAGS_$(1)) $$(CFLAGS_$$<) $$(CFLAGS_$(1)/$$<) -MMD -MP -c $$< -o $$@
$(BUILD)/$(1)/%.S.o: %.S make/config.mk | $(SETUP_build)
	$(call say,AS,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $$(CFLAGS_$(1)) -D__ASSEMBLER__ -MMD -MP -c $$< -o $$@
endef
# Generated sources live under build/gen and are compiled by the same rules.

# Set-up: one stamp a group; make/setup.sh installs by package name and is a no-op the second time.
SETUP_groups := build run test bench check
$(foreach g,$(SETUP_groups),$(eval SETUP_$(g) := $(BUILD)/setup/$(g).ok))
$(BUILD)/setup/%.ok: make/setup.sh
	@mkdir -p $(@D)
	@sh make/setup.sh $*
	@touch $@

$(foreach v,kernel user wasm32 host asan fuzz cov,$(eval $(call variant,$(v))))
-include $(shell find $(BUILD) -type f -name '*.[cS].d' 2>/dev/null)
