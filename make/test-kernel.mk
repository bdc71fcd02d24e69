# What each program of tests/unit/kernel and each fuzzer of the kernel links beside core/
# (make/tests.mk builds them): the kernel's pure code, on a machine that is nothing but
# memory (tests/unit/kernel/fake), and the models that it runs beside (tests/model).

KERNEL_machine := tests/unit/kernel/fake/fake_machine.c core/account.c core/frame_allocator.c
KERNEL_cap     := $(KERNEL_machine) core/slab.c core/capability.c \
	core/derivation.c core/cnode.c
KERNEL_sched   := kernel/sched/scheduler.c kernel/sched/thread.c kernel/sched/timer_queue.c \
	kernel/sched/budget.c core/budget.c core/leftist_heap.c core/time_budget.c
KERNEL_ipc     := kernel/ipc/endpoint.c core/user_registers.c core/fault_message.c core/message.c kernel/ipc/message.c kernel/ipc/notification.c kernel/ipc/badge_watch.c core/badge_set.c
MODEL_ipc      := tests/model/ipc_model.c tests/model/ipc_messages.c tests/model/ipc_steps.c \
	tests/model/ipc_world.c
KERNEL_expect  := tests/unit/kernel/fake/fake_assert.c
KERNEL_abort   := tests/model/assert_abort.c

UNIT_SOURCES_tests/unit/kernel/test_frame_allocator.c := $(KERNEL_expect) tests/model/frame_model.c \
	core/frame_allocator.c
UNIT_SOURCES_tests/unit/core/test_user_registers.c := core/user_registers.c
UNIT_SOURCES_tests/unit/core/test_badge_set.c      := $(KERNEL_expect) core/badge_set.c
UNIT_SOURCES_tests/unit/core/test_descriptors.c := core/descriptors.c
UNIT_SOURCES_tests/unit/core/test_fault_message.c := core/fault_message.c core/fault_text.c core/user_registers.c
UNIT_SOURCES_tests/unit/core/test_thread_operation.c := core/thread_operation.c
UNIT_SOURCES_tests/unit/core/test_leftist_heap.c   := core/leftist_heap.c tests/model/heap_model.c
UNIT_SOURCES_tests/unit/core/test_time_budget.c    := core/time_budget.c tests/model/budget_model.c
UNIT_SOURCES_tests/unit/core/test_budget.c         := core/budget.c core/time_budget.c
UNIT_SOURCES_tests/unit/kernel/test_derivation.c   := core/derivation.c
UNIT_SOURCES_tests/unit/core/test_page_tree.c      := $(KERNEL_expect) core/page_tree.c
UNIT_SOURCES_tests/unit/kernel/test_slab.c         := $(KERNEL_expect) $(KERNEL_machine) core/slab.c
UNIT_SOURCES_tests/unit/kernel/test_cnode.c        := $(KERNEL_expect) $(KERNEL_cap) tests/model/cap_model.c
UNIT_SOURCES_tests/unit/kernel/test_vspace.c       := $(KERNEL_expect) $(KERNEL_cap) core/frame.c \
	core/page_tree.c core/vspace.c core/page_table.c core/address_space.c kernel/mem/address_space.c
UNIT_SOURCES_tests/unit/kernel/test_scheduler.c    := $(KERNEL_expect) $(KERNEL_cap) tests/unit/kernel/fake/fake_cpu.c \
	$(KERNEL_sched) $(KERNEL_ipc)
UNIT_SOURCES_tests/unit/kernel/test_ipc.c          := $(KERNEL_abort) $(KERNEL_cap) tests/unit/kernel/fake/fake_cpu.c \
	$(KERNEL_sched) $(KERNEL_ipc) $(MODEL_ipc)
UNIT_SOURCES_tests/unit/kernel/test_endpoint.c     := $(KERNEL_expect) $(KERNEL_cap) tests/unit/kernel/fake/fake_cpu.c \
	$(KERNEL_sched) $(KERNEL_ipc)
UNIT_SOURCES_tests/unit/kernel/test_timer_queue.c  := $(KERNEL_expect) $(KERNEL_cap) tests/unit/kernel/fake/fake_cpu.c \
	$(KERNEL_sched)
UNIT_SOURCES_tests/unit/kernel/test_frame.c        := $(KERNEL_expect) $(KERNEL_cap) core/frame.c
UNIT_SOURCES_tests/unit/kernel/test_io_port.c      := core/io_port.c core/range.c
UNIT_SOURCES_tests/unit/kernel/test_interrupt.c    := $(KERNEL_expect) $(KERNEL_cap) kernel/device/interrupt.c core/range.c

FUZZ_SOURCES_tests/fuzz/fuzz_frame_allocator.c := $(KERNEL_abort) tests/model/frame_model.c \
	core/frame_allocator.c
FUZZ_SOURCES_tests/fuzz/fuzz_cnode.c := $(KERNEL_abort) $(KERNEL_cap) tests/model/cap_model.c
FUZZ_SOURCES_tests/fuzz/fuzz_user_registers.c := core/user_registers.c
FUZZ_SOURCES_tests/fuzz/fuzz_leftist_heap.c := core/leftist_heap.c tests/model/heap_model.c
FUZZ_SOURCES_tests/fuzz/fuzz_ipc.c := $(KERNEL_abort) $(KERNEL_cap) tests/unit/kernel/fake/fake_cpu.c \
	$(KERNEL_sched) $(KERNEL_ipc) $(MODEL_ipc)
