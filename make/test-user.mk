# What each program of tests/unit/user links beside core/ (make/tests.mk builds them). The
# system calls under the tested code are the test's own fakes.

UNIT_SOURCES_tests/unit/user/test_heap_blocks.c     := user/libmnos/heap_blocks.c
UNIT_SOURCES_tests/unit/user/test_system_manifest.c := user/init/system_manifest.c
UNIT_SOURCES_tests/unit/user/test_start_block.c := user/init/start_block.c
UNIT_SOURCES_tests/unit/user/test_line_discipline.c := user/drivers/serial_drv/line_discipline.c
UNIT_SOURCES_tests/unit/user/test_console.c := user/libmnos/console.c user/libmnos/console_message.c \
	user/libmnos/uart16550.c user/drivers/serial_drv/requests.c
UNIT_SOURCES_tests/unit/user/test_serial.c := user/drivers/serial_drv/serial.c \
	user/drivers/serial_drv/line_discipline.c user/libmnos/uart16550.c \
	user/libmnos/lock.c tests/unit/user/uart_model.c
UNIT_SOURCES_tests/unit/user/test_init.c := user/init/command_line.c user/init/u64_vector.c
UNIT_SOURCES_tests/unit/user/test_process_loader.c := user/libmnos/process_loader.c \
	user/libmnos/memory_map.c user/libmnos/status.c

UNIT_SOURCES_tests/unit/user/test_heap.c := user/libmnos/heap_blocks.c user/libmnos/lock.c

# heap.c is tested beside the host's malloc, under other names.
HEAP_RENAMED   := $(BUILD)/unit/user/heap_renamed.o
HEAP_FUNCTIONS := init_heap malloc free calloc realloc aligned_alloc
UNIT_OBJECTS_tests/unit/user/test_heap.c := $(HEAP_RENAMED)
$(HEAP_RENAMED): $(call objects,asan,user/libmnos/heap.c)
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) $(foreach f,$(HEAP_FUNCTIONS),--redefine-sym $(f)=tested_$(f)) $< $@

# Ring-3 sources on the host find their headers.
$(foreach s,$(wildcard user/*/*.c user/*/*/*.c), \
	$(eval CFLAGS_$(s) += -Iuser -Iuser/libmnos/include))
CFLAGS_tests/unit/user/uart_model.c := -Itests/unit -Iuser -Iuser/libmnos/include
