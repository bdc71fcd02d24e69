# core/: the pure library that the kernel, ring 3 and the host share.
#
#   CORE_SOURCES        for a host build, where libc has the memory functions
#   CORE_FREESTANDING   for the kernel and ring 3: the same and core/bytes.c

CORE_SOURCES      := core/elf64.c core/format.c core/link.c core/manifest.c core/ring.c core/ustar.c core/words.c
CORE_FREESTANDING := $(CORE_SOURCES) core/bytes.c
