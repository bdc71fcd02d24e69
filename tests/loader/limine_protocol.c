/**
 * limine_protocol.c - the numbers of limine_protocol.h.
 */
#include "limine_protocol.h"

const uint64_t limine_start_marker[4] = {0xf6b8f4b39de7d1ae, 0xfab91a6940fcb9cf,
                                         0x785c6ed015d3e316, 0x181e920a7852b9d9};
const uint64_t limine_end_marker[2] = {0xadc0e0531bb10d03, 0x9572709f31764c62};
const uint64_t limine_base_revision_id[2] = {0xf9562b2d5c95a6c8, 0x6a7b384944536bdc};
const uint64_t limine_common_id[2] = {0xc7b1dd30df4c8b88, 0x0a82e883a194f07b};

const uint64_t limine_feature_ids[LIMINE_FEATURES][2] = {
    [LIMINE_HHDM] = {0x48dcf1cb8ad2b852, 0x63984e959a98244b},
    [LIMINE_MEMORY_MAP] = {0x67cf3d9d378a806f, 0xe304acdfc50c3c62},
    [LIMINE_MODULE] = {0x3e7e279702be32af, 0xca1c4f3bd1280cee},
    [LIMINE_EXECUTABLE_FILE] = {0xad97e90e83f1ed67, 0x31eb5d1c5ff23b69},
    [LIMINE_EXECUTABLE_ADDRESS] = {0x71ba76863cc55f63, 0xb2644a48c516a487},
    [LIMINE_RSDP] = {0xc5e77b6b397e7b43, 0x27637845accdcf3c},
    [LIMINE_FRAMEBUFFER] = {0x9d5827dcd881dd75, 0xa3148604f6fab11b},
    [LIMINE_MP] = {0x95a67b819a1b857e, 0xa0b61b723b6a73e0},
};

const char *const limine_feature_names[LIMINE_FEATURES] = {
    [LIMINE_HHDM] = "hhdm",
    [LIMINE_MEMORY_MAP] = "memory_map",
    [LIMINE_MODULE] = "module",
    [LIMINE_EXECUTABLE_FILE] = "executable_file",
    [LIMINE_EXECUTABLE_ADDRESS] = "executable_address",
    [LIMINE_RSDP] = "rsdp",
    [LIMINE_FRAMEBUFFER] = "framebuffer",
    [LIMINE_MP] = "mp",
};
