# The services and drivers of user/services and user/drivers that are started after the boot
# proof, and the unit tests of their pure parts.

UNIT_SOURCES_tests/unit/user/test_rtc.c    := user/services/clock/rtc.c
UNIT_SOURCES_tests/unit/user/test_random.c := user/services/random/chacha20.c user/services/random/generator.c
UNIT_SOURCES_tests/unit/user/test_pci_config.c := user/services/pci_bus/pci_config.c
