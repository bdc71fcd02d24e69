# The kernel: build/kernel.elf, all of kernel/ and what it uses of core/, one link.

KERNEL_sources := $(wildcard kernel/*.c kernel/*/*.c kernel/*/*/*.c kernel/*/*.S kernel/*/*/*.S)
KERNEL_core    := $(wildcard core/*.c core/*/*.c)
KERNEL_objects := $(call objects,kernel,$(KERNEL_sources) $(KERNEL_core))

# What runs once, in boot or in a panic, or seldom, is small; all else is optimised as one program,
# in which what ends things is small too, and a callee has to be shorter than usual to be inlined.
# The linker script finds boot's parts by their files, which link-time optimisation would merge.
KERNEL_once := $(filter kernel/boot/%.c kernel/debug/%.c kernel/main.c kernel/process/fault_report.c core/fault_text.c core/thread_operation.c \
	core/boot/%.c core/acpi.c core/elf64.c core/format.c core/ustar.c core/leftist_heap.c \
	core/badge_set.c core/budget.c core/cpu_features.c core/io_port.c core/descriptors.c core/inspected.c core/io_port.c core/irq_lines.c core/log_ring.c core/range.c \
	core/reference_clock.c core/time_budget.c kernel/sched/timer_queue.c \
	kernel/sched/budget.c kernel/syscall/sys_time.c \
	$(addprefix kernel/arch/x86_64/,smp.c timer_reference.c machine_end.c cpu_features.c gdt.c idt.c \
	boot_sections.c),$(KERNEL_sources) $(KERNEL_core))
# What is no hot path is small as well.
KERNEL_rare := $(filter kernel/device/%.c kernel/process/revoke.c kernel/ipc/badge_watch.c \
	$(addprefix kernel/syscall/,sys_cap.c sys_device.c sys_machine.c sys_revoke.c), \
	$(filter-out $(KERNEL_once),$(KERNEL_sources)))
$(foreach s,$(KERNEL_rare),$(eval CFLAGS_kernel/$(s) += -Oz))
$(foreach s,$(KERNEL_once),$(eval CFLAGS_kernel/$(s) += -Oz))
KERNEL_lto := $(filter-out $(KERNEL_once),$(filter kernel/%.c,$(KERNEL_sources))) \
	core/account.c core/slab.c core/capability.c core/message.c core/fault_message.c core/user_registers.c core/address_space.c core/cnode.c core/frame.c core/page_table.c core/vspace.c
$(foreach s,$(KERNEL_lto),$(eval CFLAGS_kernel/$(s) += -flto))
KERNEL_small := $(addprefix kernel/,arch/x86_64/lapic.c arch/x86_64/ioapic.c arch/x86_64/timer.c \
	cap/account_cap.c process/account_close.c process/inspect.c device/interrupt.c process/log_reader.c \
	process/process_reap.c process/revoke.c syscall/sys_device.c syscall/sys_machine.c \
	syscall/sys_process.c syscall/sys_revoke.c)
$(foreach s,$(KERNEL_small),$(eval CFLAGS_kernel/$(s) += -Oz))

$(BUILD)/kernel.elf: $(KERNEL_objects) kernel/kernel.ld make/kernel.mk
	$(call say,LD,$@)
	$(Q)$(LD) -T kernel/kernel.ld -static --gc-sections --build-id=none \
		-z max-page-size=4096 -z noexecstack -mllvm -inline-threshold=140 -o $@ $(KERNEL_objects)

.PHONY: kernel
kernel: $(BUILD)/kernel.elf ## build the kernel alone
