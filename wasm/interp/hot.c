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
        wasm_skip_immediates(t->module, opcode, &position);
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
