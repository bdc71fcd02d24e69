# Host tests of the file services: the server and the RAM file system in one process.

LIBFILE_PURE := user/libfile/client.c user/libfile/server.c user/libfile/sessions.c \
	user/libfile/requests_object.c user/libfile/requests_name.c
RAMFS_PURE   := $(filter-out user/services/ramfs/main.c,$(sort $(wildcard user/services/ramfs/*.c)))
P9_PURE      := $(filter-out user/services/host_files/main.c,$(sort $(wildcard user/services/host_files/*.c)))
FILE_WORLD   := $(LIBFILE_PURE) $(RAMFS_PURE) $(P9_PURE) tests/model/file_world.c tests/model/p9_server.c
FILE_MODEL   := tests/model/file_model.c tests/model/file_model_state.c tests/model/file_model_names.c

UNIT_SOURCES_tests/unit/user/test_ramfs.c := $(FILE_WORLD) $(FILE_MODEL)
FUZZ_SOURCES_tests/fuzz/fuzz_ramfs.c      := $(FILE_WORLD) $(FILE_MODEL)
FUZZ_SOURCES_tests/fuzz/fuzz_file_server.c := $(FILE_WORLD)
FUZZ_SOURCES_tests/fuzz/fuzz_p9.c         := $(FILE_WORLD)
UNIT_SOURCES_tests/unit/user/test_archive_tree.c := user/services/initrd_files/archive_tree.c user/libfile/file_system.c
FUZZ_SOURCES_tests/fuzz/fuzz_archive_tree.c := user/services/initrd_files/archive_tree.c user/libfile/file_system.c
UNIT_SOURCES_tests/unit/user/test_host_files.c := $(FILE_WORLD) $(FILE_MODEL)

# wasm_host's pure parts.
UNIT_SOURCES_tests/unit/user/test_denial.c := user/wasm_host/refusals.c user/libmnos/denial.c
FUZZ_SOURCES_tests/fuzz/fuzz_start_block.c := user/wasm_host/start_block.c
$(foreach s,tests/unit/user/test_denial.c tests/fuzz/fuzz_start_block.c,$(eval CFLAGS_$(s) += -Iwasm))
UNIT_SOURCES_tests/unit/user/test_program_image.c := user/libmnos/program_image.c user/libmnos/process_loader.c \
	user/libmnos/memory_map.c user/libmnos/status.c
