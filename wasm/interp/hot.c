/**
 * hot.c - which locals live in registers: the two integers and the two floats that the
 * function uses most, where a use counts eight times more in each loop around it. The same
 * walk counts the legacy tries.
 */
#include "translator.h"

enum { WEIGHT_SHIFT = 3, DEEPEST = 6, LEAST_WEIGHT = 2, NESTING_LIMIT = 256 };

/* Blocks around the position: which of them are loops. Deeper nesting counts as none. */
struct nesting {
    uint32_t depth;
    uint32_t loops;
    bool is_loop[NESTING_LIMIT];
};

static void enter_nesting(struct nesting *nesting, bool is_loop)
{
    if (nesting->depth < NESTING_LIMIT) {
        nesting->is_loop[nesting->depth] = is_loop;
        nesting->loops += is_loop;
    }
    nesting->depth++;
}

static void leave_nesting(struct nesting *nesting)
{
    nesting->depth--;
    if (nesting->depth < NESTING_LIMIT) {
        nesting->loops -= nesting->is_loop[nesting->depth];
    }
}

/* How many LEB128 integers follow a one-byte opcode; what is more complicated is not here. */
enum { SKIP_SLOWLY = 3 };
static const uint8_t integers_behind[256] = {
    [OP_UNREACHABLE] = 0,
    [OP_BLOCK] = SKIP_SLOWLY,
    [OP_LOOP] = SKIP_SLOWLY,
    [OP_IF] = SKIP_SLOWLY,
    [OP_TRY] = SKIP_SLOWLY,
    [OP_CATCH] = 1,
    [OP_THROW] = 1,
    [OP_RETHROW] = 1,
    [OP_DELEGATE] = 1,
    [OP_BR] = 1,
    [OP_BR_IF] = 1,
    [OP_BR_TABLE] = SKIP_SLOWLY,
    [OP_TRY_TABLE] = SKIP_SLOWLY,
    [OP_CALL] = 1,
    [OP_CALL_INDIRECT] = 2,
    [OP_RETURN_CALL] = 1,
    [OP_RETURN_CALL_INDIRECT] = 2,
    [OP_CALL_REF] = 1,
    [OP_RETURN_CALL_REF] = 1,
    [OP_SELECT_T] = SKIP_SLOWLY,
    [OP_GLOBAL_GET] = 1,
    [OP_GLOBAL_SET] = 1,
    [OP_TABLE_GET] = 1,
    [OP_TABLE_SET] = 1,
    [OP_MEMORY_SIZE] = 1,
    [OP_MEMORY_GROW] = 1,
    [OP_I32_CONST] = 1,
    [OP_I64_CONST] = 1,
    [OP_F32_CONST] = SKIP_SLOWLY,
    [OP_F64_CONST] = SKIP_SLOWLY,
    [OP_REF_NULL] = SKIP_SLOWLY,
    [OP_REF_FUNC] = 1,
    [OP_BR_ON_NULL] = 1,
    [OP_BR_ON_NON_NULL] = 1,
};

static const uint8_t *skip_integer(const uint8_t *position)
{
    while ((*position++ & 0x80) != 0) {
    }
    return position;
}

/* A memarg: two integers, three when the first has bit 6 set. */
static const uint8_t *skip_memarg(const uint8_t *position)
{
    bool has_memory = (*position & 1 << 6) != 0;

    position = skip_integer(skip_integer(position));
    return has_memory ? skip_integer(position) : position;
}

static const uint8_t *skip(const struct wasm_module *module, uint32_t opcode,
                           const uint8_t *position)
{
    if (opcode >= OP_I32_LOAD && opcode <= OP_I64_STORE32) {
        return skip_memarg(position);
    }
    if (opcode > UINT8_MAX || integers_behind[opcode] == SKIP_SLOWLY) {
        wasm_skip_immediates(module, opcode, &position);
        return position;
    }
    for (unsigned i = integers_behind[opcode]; i != 0; i--) {
        position = skip_integer(position);
    }
    return position;
}

static uint32_t weigh_locals(struct interp_translator *t)
{
    const uint8_t *position = t->position;
    uint32_t tries = 0;
    struct nesting nesting = {.depth = 1};

    nesting.is_loop[0] = false;
    while (nesting.depth != 0) {
        uint32_t opcode = code_opcode(&position);

        if (opcode == OP_LOCAL_GET || opcode == OP_LOCAL_SET ||
            opcode == OP_LOCAL_TEE) {
            unsigned loops = nesting.loops < DEEPEST ? nesting.loops : DEEPEST;
            t->locals[code_u32(&position)].weight += 1u << (WEIGHT_SHIFT * loops);
            continue;
        }
        if (opcode == OP_BLOCK || opcode == OP_IF || opcode == OP_TRY ||
            opcode == OP_TRY_TABLE || opcode == OP_LOOP) {
            enter_nesting(&nesting, opcode == OP_LOOP);
            tries += opcode == OP_TRY;
        } else if (opcode == OP_END || opcode == OP_DELEGATE) {
            leave_nesting(&nesting);
        }
        position = skip(t->module, opcode, position);
    }
    return tries;
}

/* Gives register @p place to the heaviest local of @p class that has none. */
static void choose(struct interp_translator *t, unsigned class, enum interp_place place)
{
    struct local *best = NULL;
    uint32_t least = LEAST_WEIGHT;

    for (uint32_t i = 0; i < t->local_count; i++) {
        struct local *local = &t->locals[i];
        if (local->class == class && local->place == INTERP_s && !local->is_f32 &&
            local->weight >= least) {
            best = local;
            least = local->weight + 1;
        }
    }
    if (best != NULL) {
        best->place = (uint8_t)place;
    }
}

uint32_t choose_register_locals(struct interp_translator *t)
{
    uint32_t tries = weigh_locals(t);

    choose(t, CLASS_INTEGER, INTERP_x);
    choose(t, CLASS_INTEGER, INTERP_y);
    choose(t, CLASS_FLOAT, INTERP_x);
    choose(t, CLASS_FLOAT, INTERP_y);
    return tries;
}
