# libvirtio: the virtqueue and the PCI transport, for every driver of a virtio device and
# for the bus, which resets them. Pure: the host's tests run it with a device of their own.
#
#   build/user/libvirtio.a

LIBVIRTIO_SOURCES := $(sort $(wildcard user/libvirtio/*.c))
LIBVIRTIO         := $(BUILD)/user/libvirtio.a

$(LIBVIRTIO): $(call objects,user,$(LIBVIRTIO_SOURCES))
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

UNIT_SOURCES_tests/unit/user/test_virtqueue.c  := user/libvirtio/virtqueue.c tests/unit/user/fake_virtio.c
UNIT_SOURCES_tests/unit/user/test_virtio_pci.c := $(LIBVIRTIO_SOURCES) tests/unit/user/fake_virtio.c

FUZZ_SOURCES_tests/fuzz/fuzz_virtqueue.c  := user/libvirtio/virtqueue.c
FUZZ_SOURCES_tests/fuzz/fuzz_virtio_pci.c := $(LIBVIRTIO_SOURCES)
FUZZ_SOURCES_tests/fuzz/fuzz_virtio_console.c := user/drivers/virtio_console/port.c \
	user/drivers/virtio_console/control.c $(LIBVIRTIO_SOURCES)
