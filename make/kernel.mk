# The kernel: build/kernel.elf, all of kernel/ and what it uses of core/, one link.

KERNEL_sources := $(wildcard kernel/*.c kernel/*/*.c kernel/*/*/*.c kernel/*/*.S kernel/*/*/*.S)
KERNEL_core    := $(wildcard core/*.c)
KERNEL_objects := $(call objects,kernel,$(KERNEL_sources) $(KERNEL_core))

$(BUILD)/kernel.elf: $(KERNEL_objects) kernel/kernel.ld make/kernel.mk
	$(call say,LD,$@)
	$(Q)$(LD) -T kernel/kernel.ld -static --gc-sections --build-id=none \
		-z max-page-size=4096 -z noexecstack -o $@ $(KERNEL_objects)

.PHONY: kernel
kernel: $(BUILD)/kernel.elf ## build the kernel alone
