# The services and drivers that are started after the boot proof, and the unit tests of their
# pure parts.
#
#   build/user/libdriver.a    what drivers of virtio devices share

SERVICE_PROGRAMS := pci_bus virtio_console virtio_9p virtio_rng console random clock

USER_FOLDER_pci_bus        := user/services/pci_bus
USER_FOLDER_virtio_console := user/drivers/virtio_console
USER_FOLDER_virtio_9p      := user/drivers/virtio_9p
USER_FOLDER_virtio_rng     := user/drivers/virtio_rng
USER_FOLDER_console        := user/services/console
USER_FOLDER_random         := user/services/random
USER_FOLDER_clock          := user/services/clock

LIBDRIVER_SOURCES := $(sort $(wildcard user/libdriver/*.c))
LIBDRIVER         := $(BUILD)/user/libdriver.a

$(LIBDRIVER): $(call objects,user,$(LIBDRIVER_SOURCES))
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

USER_LIBRARIES_pci_bus        := $(LIBVIRTIO)
USER_LIBRARIES_virtio_console := $(LIBDRIVER) $(LIBVIRTIO)
USER_LIBRARIES_virtio_9p      := $(LIBDRIVER) $(LIBVIRTIO)
USER_LIBRARIES_virtio_rng     := $(LIBDRIVER) $(LIBVIRTIO)

UNIT_SOURCES_tests/unit/user/test_rtc.c        := user/services/clock/rtc.c
UNIT_SOURCES_tests/unit/user/test_random.c     := user/services/random/chacha20.c user/services/random/generator.c
UNIT_SOURCES_tests/unit/user/test_pci_config.c := user/services/pci_bus/pci_config.c
UNIT_SOURCES_tests/unit/user/test_link_guest.c := user/services/console/link_guest.c
UNIT_SOURCES_tests/unit/user/test_pci_device.c := user/services/pci_bus/device.c user/services/pci_bus/pci_config.c
