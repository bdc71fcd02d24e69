/**
 * translate_memory.c - loads, stores, memory.size and its like, tables and segments (spec
 * 5.4.5, 5.4.6).
 *
 * Loads and stores on memory 0 with 32-bit addresses have handlers of their own. For other
 * memories, and for offsets beyond 32 bits, interp_address checks the access and leaves in
 * the accumulator how far it is from memory 0; the unchecked handler then does it.
 */
#include "ops_bulk.h"
#include "translator.h"

enum access_kind { ACCESS_LOAD, ACCESS_LOAD_FLOAT, ACCESS_STORE, ACCESS_STORE_FLOAT };

struct access {
    uint8_t kind;
    uint8_t op;
    uint8_t size;
};

static const struct access accesses[] = {
    [OP_I32_LOAD] = {ACCESS_LOAD, LOAD_I32, 4},
    [OP_I64_LOAD] = {ACCESS_LOAD, LOAD_I64, 8},
    [OP_F32_LOAD] = {ACCESS_LOAD_FLOAT, 0, 4},
    [OP_F64_LOAD] = {ACCESS_LOAD_FLOAT, 1, 8},
    [OP_I32_LOAD8_S] = {ACCESS_LOAD, LOAD_I32_8_S, 1},
    [OP_I32_LOAD8_U] = {ACCESS_LOAD, LOAD_I32_8_U, 1},
    [OP_I32_LOAD16_S] = {ACCESS_LOAD, LOAD_I32_16_S, 2},
    [OP_I32_LOAD16_U] = {ACCESS_LOAD, LOAD_I32_16_U, 2},
    [OP_I64_LOAD8_S] = {ACCESS_LOAD, LOAD_I64_8_S, 1},
    [OP_I64_LOAD8_U] = {ACCESS_LOAD, LOAD_I32_8_U, 1},
    [OP_I64_LOAD16_S] = {ACCESS_LOAD, LOAD_I64_16_S, 2},
    [OP_I64_LOAD16_U] = {ACCESS_LOAD, LOAD_I32_16_U, 2},
    [OP_I64_LOAD32_S] = {ACCESS_LOAD, LOAD_I64_32_S, 4},
    [OP_I64_LOAD32_U] = {ACCESS_LOAD, LOAD_I32, 4},
    [OP_I32_STORE] = {ACCESS_STORE, STORE_32, 4},
    [OP_I64_STORE] = {ACCESS_STORE, STORE_64, 8},
    [OP_F32_STORE] = {ACCESS_STORE_FLOAT, 0, 4},
    [OP_F64_STORE] = {ACCESS_STORE_FLOAT, 1, 8},
    [OP_I32_STORE8] = {ACCESS_STORE, STORE_8, 1},
    [OP_I32_STORE16] = {ACCESS_STORE, STORE_16, 2},
    [OP_I64_STORE8] = {ACCESS_STORE, STORE_8, 1},
    [OP_I64_STORE16] = {ACCESS_STORE, STORE_16, 2},
    [OP_I64_STORE32] = {ACCESS_STORE, STORE_32, 4},
};

enum { MEMARG_HAS_MEMORY = 1 << 6 };

struct memarg read_memarg(struct interp_translator *t)
{
    struct memarg memarg = {.memory = 0};

    if ((code_u32(&t->position) & MEMARG_HAS_MEMORY) != 0) {
        memarg.memory = code_u32(&t->position);
    }
    memarg.offset = code_u64(&t->position);
    return memarg;
}

bool memarg_is_direct(const struct interp_translator *t, const struct memarg *memarg)
{
    return memarg->memory == 0 && t->memory != NULL;
}

void emit_address(struct interp_translator *t, const struct memarg *memarg,
                  const struct operand *address, uint32_t size)
{
    uint16_t slot = source_in_slot(t, address);
    uint32_t offset;

    claim_accumulator(t, CLASS_INTEGER);
    offset = emit(t, interp_address, 32);
    op_at(t, offset)->a = slot;
    op_at(t, offset)->immediate = (int32_t)size;
    op_at(t, offset)->more[0] =
        (uint64_t)(uintptr_t)t->instance->instance->memories[memarg->memory];
    op_at(t, offset)->more[1] = memarg->offset;
}

/* Where the address comes from; a constant one joins the offset when the sum fits. */
static struct source direct_address(struct interp_translator *t,
                                    const struct operand *operand,
                                    struct memarg *memarg)
{
    if (operand->kind == OPERAND_CONSTANT &&
        operand->constant + memarg->offset <= UINT32_MAX) {
        memarg->offset += operand->constant;
        return (struct source){.place = INTERP_i};
    }
    return source_in_place(t, operand);
}

/* The load from a sum, where the last operation was that sum. */
static bool load_indexed(struct interp_translator *t, const struct access *access,
                         const struct source *address, uint64_t memory_offset)
{
    static const uint8_t integers[LOAD_COUNT] = {[LOAD_I32] = INDEXED_I32 + 1,
                                                 [LOAD_I32_8_U] = INDEXED_I32_8_U + 1,
                                                 [LOAD_I32_8_S] = INDEXED_I32_8_S + 1,
                                                 [LOAD_I32_16_U] = INDEXED_I32_16_U + 1,
                                                 [LOAD_I64] = INDEXED_I64 + 1};
    const struct recent *sum = recent_result(t, RECENT_INTEGER, address);
    bool is_float = access->kind == ACCESS_LOAD_FLOAT;
    unsigned op =
        is_float ? (access->op == 1 ? INDEXED_F64 + 1 : 0) : integers[access->op];
    interp_handler *const *row;
    uint32_t offset;

    if (sum == NULL || sum->op != INTEGER_I32_ADD || op == 0 ||
        t->memory != &interp_memory_guarded) {
        return false;
    }
    row = interp_load_indexed[op - 1][sum->a.place][sum->b.place];
    if (row[INTERP_a] == NULL) {
        return false;
    }
    claim_accumulator(t, is_float ? CLASS_FLOAT : CLASS_INTEGER);
    if (recent_operation(t, RECENT_INTEGER) == NULL) {
        return false;
    }
    take_back(t);
    offset = emit(t, row[INTERP_a], 24);
    op_at(t, offset)->a = sum->a.slot;
    op_at(t, offset)->b = sum->b.slot;
    op_at(t, offset)->more[0] = (uint32_t)memory_offset | sum->constant << 32;
    push_result(t, is_float ? CLASS_FLOAT : CLASS_INTEGER, offset, row);
    t->recent.kind = RECENT_NONE;
    return true;
}

static void load(struct interp_translator *t, const struct access *access)
{
    bool is_float = access->kind == ACCESS_LOAD_FLOAT;
    enum operand_class class = is_float ? CLASS_FLOAT : CLASS_INTEGER;
    const struct interp_memory_handlers *handlers = t->memory;
    struct memarg memarg = read_memarg(t);
    struct operand address = pop(t);
    struct source a = {.place = INTERP_a};
    interp_handler *const *row;
    uint32_t offset;

    if (memarg_is_direct(t, &memarg)) {
        a = direct_address(t, &address, &memarg);
        if (load_indexed(t, access, &a, memarg.offset)) {
            return;
        }
    } else {
        emit_address(t, &memarg, &address, access->size);
        memarg.offset = 0;
        handlers = &interp_memory_guarded;
    }
    row = is_float ? handlers->load_float[access->op][a.place]
                   : handlers->load[access->op][a.place];
    claim_accumulator(t, class);
    offset = emit(t, row[INTERP_a], 16);
    op_at(t, offset)->a = a.slot;
    op_at(t, offset)->offset = (uint32_t)memarg.offset;
    push_result(t, class, offset, row);
    t->recent = (struct recent){
        .kind = is_float || handlers != t->memory ? RECENT_NONE : RECENT_LOAD,
        .offset = offset,
        .op = access->op,
        .a = a,
        .memory_offset = (uint32_t)memarg.offset};
}

/* A float in a slot is stored as the integer of its size. */
static void store(struct interp_translator *t, const struct access *access)
{
    bool is_float = access->kind == ACCESS_STORE_FLOAT;
    const struct interp_memory_handlers *handlers = t->memory;
    struct memarg memarg = read_memarg(t);
    struct operand value = pop(t);
    struct operand address = pop(t);
    struct source a = {.place = INTERP_a};
    struct source b = source_of(t, &value);
    interp_handler *handler;
    uint32_t offset;

    if (memarg_is_direct(t, &memarg)) {
        a = direct_address(t, &address, &memarg);
    } else {
        b = (struct source){.place = INTERP_s, .slot = source_in_slot(t, &value)};
        emit_address(t, &memarg, &address, access->size);
        memarg.offset = 0;
        handlers = &interp_memory_guarded;
    }
    if (is_float && b.place != INTERP_s && b.place != INTERP_i) {
        handler = handlers->store_float[access->op][a.place][b.place];
    } else {
        unsigned op = is_float ? STORE_32 + access->op : access->op;
        handler = handlers->store[op][a.place][b.place];
    }
    offset = emit(t, handler, b.place == INTERP_i ? 24 : 16);
    op_at(t, offset)->a = a.slot;
    op_at(t, offset)->c = b.slot;
    op_at(t, offset)->offset = (uint32_t)memarg.offset;
    if (b.place == INTERP_i) {
        op_at(t, offset)->more[0] = value.constant;
    }
}

/*
 * Bulk and table instructions: @p count operands in consecutive slots, from the first one's
 * home on, and two words; a result, if any, comes to the first slot.
 */
static void bulk(struct interp_translator *t, interp_handler *handler, uint32_t count,
                 uint64_t first, uint64_t second, bool has_result)
{
    uint32_t base;
    uint32_t offset;

    vacate(t);
    flush(t, t->height - count, true);
    base = count != 0 ? t->operands[t->height - count].home : next_home(t);
    for (uint32_t i = 0; i < count; i++) {
        pop(t);
    }
    offset = emit(t, handler, 32);
    op_at(t, offset)->a = (uint16_t)base;
    op_at(t, offset)->more[0] = first;
    op_at(t, offset)->more[1] = second;
    forget_accumulators(t);
    if (has_result) {
        push_slot(t, CLASS_INTEGER);
    }
}

static uint64_t memory_at(const struct interp_translator *t, uint32_t index)
{
    return (uint64_t)(uintptr_t)t->instance->instance->memories[index];
}

static uint64_t table_at(const struct interp_translator *t, uint32_t index)
{
    return (uint64_t)(uintptr_t)t->instance->instance->tables[index];
}

static bool translate_bulk(struct interp_translator *t, uint32_t opcode)
{
    uint32_t first;
    uint32_t second;

    switch (opcode) {
    case OP_MEMORY_SIZE:
    case OP_MEMORY_GROW:
    case OP_MEMORY_FILL:
        first = code_u32(&t->position);
        bulk(t,
             opcode == OP_MEMORY_SIZE   ? interp_memory_size
             : opcode == OP_MEMORY_GROW ? interp_memory_grow
                                        : interp_memory_fill,
             opcode == OP_MEMORY_SIZE   ? 0
             : opcode == OP_MEMORY_GROW ? 1
                                        : 3,
             memory_at(t, first), 0, opcode != OP_MEMORY_FILL);
        return true;
    case OP_MEMORY_COPY:
        first = code_u32(&t->position);
        second = code_u32(&t->position);
        bulk(t, interp_memory_copy, 3, memory_at(t, first), memory_at(t, second),
             false);
        return true;
    case OP_MEMORY_INIT:
        first = code_u32(&t->position);
        second = code_u32(&t->position);
        bulk(t, interp_memory_init, 3, memory_at(t, second), first, false);
        return true;
    case OP_DATA_DROP:
        bulk(t, interp_data_drop, 0, code_u32(&t->position), 0, false);
        return true;
    default:
        return false;
    }
}

static bool translate_table(struct interp_translator *t, uint32_t opcode)
{
    uint32_t first;
    uint32_t second;

    switch (opcode) {
    case OP_TABLE_GET:
        bulk(t, interp_table_get, 1, table_at(t, code_u32(&t->position)), 0, true);
        return true;
    case OP_TABLE_SET:
        bulk(t, interp_table_set, 2, table_at(t, code_u32(&t->position)), 0, false);
        return true;
    case OP_TABLE_SIZE:
        bulk(t, interp_table_size, 0, table_at(t, code_u32(&t->position)), 0, true);
        return true;
    case OP_TABLE_GROW:
        bulk(t, interp_table_grow, 2, table_at(t, code_u32(&t->position)), 0, true);
        return true;
    case OP_TABLE_FILL:
        bulk(t, interp_table_fill, 3, table_at(t, code_u32(&t->position)), 0, false);
        return true;
    case OP_TABLE_COPY:
        first = code_u32(&t->position);
        second = code_u32(&t->position);
        bulk(t, interp_table_copy, 3, table_at(t, first), table_at(t, second), false);
        return true;
    case OP_TABLE_INIT:
        first = code_u32(&t->position);
        second = code_u32(&t->position);
        bulk(t, interp_table_init, 3, table_at(t, second), first, false);
        return true;
    case OP_ELEM_DROP:
        bulk(t, interp_element_drop, 0, code_u32(&t->position), 0, false);
        return true;
    default:
        return false;
    }
}

bool translate_memory(struct interp_translator *t, uint32_t opcode)
{
    if (opcode >= OP_I32_LOAD && opcode <= OP_I64_STORE32) {
        const struct access *access = &accesses[opcode];
        if (access->kind <= ACCESS_LOAD_FLOAT) {
            load(t, access);
        } else {
            store(t, access);
        }
        return true;
    }
    return translate_bulk(t, opcode) || translate_table(t, opcode);
}
