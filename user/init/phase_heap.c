/**
 * phase_heap.c - the heap: 1000 pages by three calls each, and a vector as the proof.
 */
#include "init/init.h"
#include "init/layout.h"
#include "init/u64_vector.h"
#include "mnos/heap.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/status.h"

/** One page of heap; its frame lives as long as its mapping. */
static mn_status map_heap_page(uint64_t page)
{
    mn_status status = sys_alloc_memory(MN_INIT_SLOT_MEMORY, INIT_SLOT_SCRATCH, 0);

    if (status != MN_OK) {
        return status;
    }
    status = sys_map_memory(MN_INIT_SLOT_SELF, INIT_SLOT_SCRATCH,
                            MN_INIT_HEAP + page * MN_PAGE_SIZE, MN_MAP_WRITABLE);
    mn_status dropped = sys_drop_cap(INIT_SLOT_SCRATCH);
    return status != MN_OK ? status : dropped;
}

/** Maps all pages; with too little memory the heap is what could be mapped. */
static bool map_heap(struct init *init)
{
    mn_status status = MN_OK;
    uint64_t page = 0;

    while (page < MN_INIT_HEAP_PAGES && (status = map_heap_page(page)) == MN_OK) {
        page++;
    }
    init_heap((void *)MN_INIT_HEAP, page * MN_PAGE_SIZE);
    if (status != MN_OK) {
        return init_fail(
            init, "heap: only %llu of %llu pages: %s; 16 MiB of RAM are enough",
            (unsigned long long)page, (unsigned long long)MN_INIT_HEAP_PAGES,
            mnos_status_text(status));
    }
    init_say(init, "heap: %llu pages at 0x%llx", (unsigned long long)page,
             (unsigned long long)MN_INIT_HEAP);
    return true;
}

/** Makes a vector, pushes three numbers, verifies them and frees it. */
static bool prove_heap(struct init *init)
{
    static const uint64_t numbers[] = {0x1111111111111111ull, 0x2222222222222222ull,
                                       0x3333333333333333ull};
    const size_t count = sizeof(numbers) / sizeof(numbers[0]);
    struct u64_vector vector = {0};
    size_t verified = 0;

    for (size_t i = 0; i < count; i++) {
        if (!u64_vector_push(&vector, numbers[i])) {
            u64_vector_free(&vector);
            return init_fail(init, "heap: no memory for %zu numbers", i + 1);
        }
    }
    while (verified < count && vector.elements[verified] == numbers[verified]) {
        verified++;
    }
    u64_vector_free(&vector);
    if (verified != count) {
        return init_fail(init, "heap: number %zu of the vector is not what was written",
                         verified + 1);
    }
    init_say(init, "heap: vector of %zu verified", verified);
    return true;
}

bool phase_heap(struct init *init)
{
    bool mapped = map_heap(init);

    return prove_heap(init) && mapped;
}
