# What each program of tests/unit/kernel links beside core/ (make/tests.mk builds them): the
# kernel's pure code, on a machine that is nothing but memory (tests/unit/kernel/fake).

UNIT_KERNEL_machine := tests/unit/kernel/fake/fake_machine.c kernel/mem/account.c kernel/mem/frame_allocator.c
UNIT_KERNEL_cap     := $(UNIT_KERNEL_machine) kernel/mem/slab.c kernel/cap/capability.c \
	kernel/cap/derivation.c kernel/cap/cnode.c

UNIT_SOURCES_tests/unit/kernel/test_frame_allocator.c := kernel/mem/frame_allocator.c
UNIT_SOURCES_tests/unit/kernel/test_derivation.c      := kernel/cap/derivation.c
UNIT_SOURCES_tests/unit/kernel/test_mapping_tree.c    := $(UNIT_KERNEL_machine) kernel/cap/mapping_tree.c
UNIT_SOURCES_tests/unit/kernel/test_slab.c            := $(UNIT_KERNEL_machine) kernel/mem/slab.c
UNIT_SOURCES_tests/unit/kernel/test_cnode.c           := $(UNIT_KERNEL_cap)
UNIT_SOURCES_tests/unit/kernel/test_vspace.c          := $(UNIT_KERNEL_cap) kernel/cap/frame.c \
	kernel/cap/mapping_tree.c kernel/cap/vspace.c kernel/mem/address_space.c
