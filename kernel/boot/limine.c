/**
 * limine.c - the kernel's entry from a Limine loader (The Limine Boot Protocol, base
 * revision 3): it finds these requests by their numbers between two markers, and writes
 * into each where its answer lies, which limine_read() of core/limine.h reads.
 */
#include "core/limine.h"

#include "arch/x86_64/boot_sections.h"
#include "boot/start.h"

#define COMMON_MAGIC     0xc7b1dd30df4c8b88, 0x0a82e883a194f07b
#define IN_SECTION(name) __attribute__((used, section(name), aligned(8)))
#define REQUEST(name, ...)         \
    IN_SECTION(".limine_requests") \
    static volatile struct limine_request name = {.id = {COMMON_MAGIC, __VA_ARGS__}}

IN_SECTION(".limine_requests_start")
static uint64_t requests_start[4] = {0xf6b8f4b39de7d1ae, 0xfab91a6940fcb9cf,
                                     0x785c6ed015d3e316, 0x181e920a7852b9d9};

IN_SECTION(".limine_requests_end")
static uint64_t requests_end[2] = {0xadc0e0531bb10d03, 0x9572709f31764c62};

IN_SECTION(".limine_requests")
static volatile uint64_t base_revision[3] = {0xf9562b2d5c95a6c8, 0x6a7b384944536bdc, 3};

REQUEST(hhdm_request, 0x48dcf1cb8ad2b852, 0x63984e959a98244b);
REQUEST(memory_request, 0x67cf3d9d378a806f, 0xe304acdfc50c3c62);
REQUEST(module_request, 0x3e7e279702be32af, 0xca1c4f3bd1280cee);
REQUEST(file_request, 0xad97e90e83f1ed67, 0x31eb5d1c5ff23b69);
REQUEST(address_request, 0x71ba76863cc55f63, 0xb2644a48c516a487);
REQUEST(rsdp_request, 0xc5e77b6b397e7b43, 0x27637845accdcf3c);
REQUEST(framebuffer_request, 0x9d5827dcd881dd75, 0xa3148604f6fab11b);
REQUEST(mp_request, 0x95a67b819a1b857e, 0xa0b61b723b6a73e0);

_Noreturn void limine_start(void);

void limine_start(void)
{
    const struct limine_answers answers = {
        .hhdm = hhdm_request.response,
        .memory_map = memory_request.response,
        .modules = module_request.response,
        .file = file_request.response,
        .address = address_request.response,
        .rsdp = rsdp_request.response,
        .framebuffers = framebuffer_request.response,
        .mp = mp_request.response,
    };
    struct boot_info *info = boot_begin(MN_BOOT_LIMINE);

    boot_start(info, limine_read(&answers, (uint64_t)image_start, info));
}
