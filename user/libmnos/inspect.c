/**
 * inspect.c - INSPECT, and reading all of it.
 */
#include "mnos/inspect.h"
#include "mnos/syscall.h"
#include <stddef.h>

enum { TRIES = 100 };

mn_status sys_inspect(uint64_t slot, uint64_t kinds, uint64_t *cursor,
                      struct mn_inspected *records, uint64_t size, uint64_t *out_count)
{
    struct syscall_registers registers = {.rdi = slot,
                                          .rsi = kinds,
                                          .rdx = *cursor,
                                          .r10 = (uint64_t)records,
                                          .r8 = size};
    mn_status status = syscall_extended(MN_SYS_INSPECT, &registers);

    if (status == MN_OK) {
        *out_count = registers.rdi;
        *cursor = registers.rsi;
    }
    return status;
}

static mn_status read_once(uint64_t slot, uint64_t kinds, struct mn_inspected *records,
                           uint64_t capacity, uint64_t *out_count)
{
    uint64_t cursor = 0;
    uint64_t count = 0;

    do {
        uint64_t more = 0;
        mn_status status;

        if (count == capacity) {
            return MN_ERROR_NO_MEMORY;
        }
        status = sys_inspect(slot, kinds, &cursor, records + count,
                             (capacity - count) * sizeof(*records), &more);
        if (status != MN_OK) {
            return status;
        }
        count += more;
    } while (cursor != 0);
    *out_count = count;
    return MN_OK;
}

mn_status mnos_inspect(uint64_t slot, uint64_t kinds, struct mn_inspected *records,
                       uint64_t capacity, uint64_t *out_count)
{
    mn_status status = MN_ERROR_GONE;

    for (unsigned i = 0; i < TRIES && status == MN_ERROR_GONE; i++) {
        status = read_once(slot, kinds, records, capacity, out_count);
    }
    return status;
}

static const struct mn_inspected *find(const struct mn_inspected *records,
                                       uint64_t count, uint64_t node)
{
    for (uint64_t i = 0; i < count; i++) {
        if (records[i].node == node) {
            return &records[i];
        }
    }
    return NULL;
}

uint64_t mnos_inspect_parent(const struct mn_inspected *record,
                             const struct mn_inspected *records, uint64_t count)
{
    for (uint64_t i = 0; i < count && record != NULL; i++) {
        if ((record->kind & MN_INSPECT_LAST) != 0) {
            return record->link;
        }
        record = find(records, count, record->link);
    }
    return 0;
}
