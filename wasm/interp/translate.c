/**
 * translate.c - one function from validated bytes to threaded code, in one pass.
 *
 * Invariants: no recursion; the body was validated, so nothing is checked again; on failure the
 * function stays as it was. Code behind an unconditional branch is skipped up to the `else`,
 * `catch` or `end` of its block.
 */
#include "translator.h"

enum { SLOT_LIMIT = 65000, CHUNK_SIZE = 65536 - 64 };

struct interp_translator *interp_translator_create(struct wasm_store *store)
{
    const struct wasm_platform *platform = store_platform(store);
    struct interp_translator *t = wasm_allocate_zeroed(platform, 1, sizeof(*t));

    if (t == NULL) {
        return NULL;
    }
    t->store = store;
    t->platform = platform;
    if (!wasm_reserve(platform, (void **)&t->code, &t->code_capacity, 16384, 1) ||
        !wasm_reserve(platform, (void **)&t->labels, &t->label_capacity, 32,
                      sizeof(*t->labels))) {
        interp_translator_release(t);
        return NULL;
    }
    return t;
}

void interp_translator_release(struct interp_translator *t)
{
    if (t == NULL) {
        return;
    }
    wasm_release(t->platform, t->code, t->code_capacity, 1);
    wasm_release(t->platform, t->operands, t->operand_capacity, sizeof(*t->operands));
    wasm_release(t->platform, t->labels, t->label_capacity, sizeof(*t->labels));
    wasm_release(t->platform, t->fixups, t->fixup_capacity, sizeof(*t->fixups));
    wasm_release(t->platform, t->catches, t->catch_capacity, sizeof(*t->catches));
    wasm_release(t->platform, t->locals, t->local_capacity, sizeof(*t->locals));
    wasm_release(t->platform, t, 1, sizeof(*t));
}

/* --- Setting out --------------------------------------------------------------------- */

static void add_local(struct interp_translator *t, wasm_type type, uint32_t *slot)
{
    struct local *local = &t->locals[t->local_count++];

    *local = (struct local){
        .place = INTERP_s, .class = (uint8_t)class_of(type), .slot = (uint16_t)*slot};
    *slot += type_slots(type);
}

/* Parameters lie before the link, other locals behind it. False: too many slots. */
static bool lay_out_locals(struct interp_translator *t, const struct wasm_body *body)
{
    struct wasm_locals declarations = wasm_locals_begin(t->module, body);
    uint32_t slot = 0;
    uint32_t count;
    wasm_type type;

    t->local_count = 0;
    for (uint32_t i = 0; i < t->type->parameter_count; i++) {
        add_local(t, t->type->types[i], &slot);
    }
    slot = t->link_slot + INTERP_LINK_SLOTS;
    while (wasm_locals_next(t->module, &declarations, &count, &type)) {
        for (uint32_t i = 0; i < count; i++) {
            add_local(t, type, &slot);
            if (slot > SLOT_LIMIT) {
                return false;
            }
        }
    }
    t->position = declarations.position;
    t->first_operand = slot;
    return body->max_operands < SLOT_LIMIT / 2 &&
           slot + 2 * body->max_operands + 16 <= SLOT_LIMIT;
}

bool reserve_operands(struct interp_translator *t, uint32_t count)
{
    return wasm_reserve(t->platform, (void **)&t->operands, &t->operand_capacity,
                        (uint64_t)t->height + count, sizeof(*t->operands));
}

static bool reserve_arrays(struct interp_translator *t, const struct wasm_body *body)
{
    return wasm_reserve(t->platform, (void **)&t->locals, &t->local_capacity,
                        (uint64_t)body->local_count + 1, sizeof(*t->locals)) &&
           wasm_reserve(t->platform, (void **)&t->operands, &t->operand_capacity,
                        (uint64_t)body->max_operands + body->max_labels + 8,
                        sizeof(*t->operands));
}

static bool set_out(struct interp_translator *t, struct interp_instance *instance,
                    struct wasm_function *function)
{
    const struct wasm_body *body = function->body;
    const struct wasm_memory *memory = instance->memory0;

    t->instance = instance;
    t->module = instance->instance->module;
    t->function = function;
    t->type = module_function_type(t->module, function->index);
    t->memory = memory->limits.is_64 ? NULL
                : memory->is_guarded ? &interp_memory_guarded
                                     : &interp_memory_checked;
    t->counts_fuel = t->store->counts_fuel;
    t->unreachable = false;
    t->failed = false;
    t->units = 0;
    t->link_slot = interp_link_slot(t->type);
    t->code_size = 0;
    t->height = 0;
    t->label_count = 0;
    t->fixup_count = 0;
    t->catch_count = 0;
    t->recent = (struct recent){.kind = RECENT_NONE};
    t->occupant[CLASS_INTEGER] = NO_OFFSET;
    t->occupant[CLASS_FLOAT] = NO_OFFSET;
    forget_accumulators(t);
    t->instruction = t->module->bytes + body->offset;
    return reserve_arrays(t, body) && lay_out_locals(t, body);
}

/* The slot of the local that has register @p place of @p class; slot 0 when none has. */
static uint64_t register_slot(const struct interp_translator *t, unsigned place,
                              unsigned class)
{
    for (uint32_t i = 0; i < t->local_count; i++) {
        if (t->locals[i].place == place && t->locals[i].class == class) {
            return t->locals[i].slot;
        }
    }
    return 0;
}

static void emit_entry(struct interp_translator *t)
{
    uint32_t first = t->link_slot + INTERP_LINK_SLOTS;
    uint32_t offset = emit(t, interp_enter, 24);
    struct interp_op *op = op_at(t, offset);

    op->a = (uint16_t)first;
    op->d = (uint16_t)(t->first_operand - first);
    op->more[0] = register_slot(t, INTERP_x, CLASS_INTEGER) |
                  register_slot(t, INTERP_y, CLASS_INTEGER) << 16 |
                  register_slot(t, INTERP_x, CLASS_FLOAT) << 32 |
                  register_slot(t, INTERP_y, CLASS_FLOAT) << 48;
}

/* --- The pass ------------------------------------------------------------------------ */

/* Skips unreachable code; stops at what ends it, which is not consumed. */
static uint32_t skip_unreachable(struct interp_translator *t)
{
    uint32_t depth = 0;

    for (;;) {
        uint32_t opcode;

        t->instruction = t->position;
        opcode = code_opcode(&t->position);
        if (opcode == OP_BLOCK || opcode == OP_LOOP || opcode == OP_IF ||
            opcode == OP_TRY || opcode == OP_TRY_TABLE) {
            depth++;
        } else if (depth == 0 &&
                   (opcode == OP_END || opcode == OP_ELSE || opcode == OP_CATCH ||
                    opcode == OP_CATCH_ALL || opcode == OP_DELEGATE)) {
            return opcode;
        } else if (opcode == OP_END || opcode == OP_DELEGATE) {
            depth--;
        }
        wasm_skip_immediates(t->module, opcode, &t->position);
    }
}

/* The commonest kinds first, by the ranges that opcodes lie in (spec 5.4). */
static bool translate_one(struct interp_translator *t, uint32_t opcode)
{
    if (opcode >= OP_I32_EQZ && opcode <= OP_I64_EXTEND32_S) {
        return translate_numeric(t, opcode);
    }
    if (opcode >= OP_I32_LOAD && opcode <= OP_MEMORY_GROW) {
        return translate_memory(t, opcode);
    }
    if (opcode >= OP_DROP && opcode <= OP_F64_CONST && translate_variable(t, opcode)) {
        return true;
    }
    return translate_control(t, opcode) || translate_call(t, opcode) ||
           translate_vector(t, opcode) || translate_numeric(t, opcode) ||
           translate_memory(t, opcode) || translate_exception(t, opcode) ||
           translate_reference(t, opcode);
}

/* The last `end`: what falls out of the body, or branched to it, returns. */
static void end_function(struct interp_translator *t)
{
    if (!t->unreachable) {
        emit_return(t);
    }
}

static void translate_body(struct interp_translator *t)
{
    begin_function(t);
    t->exception_slots = t->first_operand;
    t->first_operand += choose_register_locals(t);
    t->max_slot = t->first_operand + 2;
    if (t->first_operand > SLOT_LIMIT) {
        t->failed = true;
        return;
    }
    emit_entry(t);
    t->last = NO_OFFSET;
    while (!t->failed) {
        uint32_t opcode;

        if (t->unreachable) {
            opcode = skip_unreachable(t);
        } else {
            t->instruction = t->position;
            opcode = code_opcode(&t->position);
        }
        t->units++;
        if (opcode == OP_END && t->label_count == 1) {
            end_function(t);
            break;
        }
        if (!translate_one(t, opcode)) {
            t->failed = true;
        }
    }
    op_at(t, 0)->immediate = (int32_t)(t->max_slot + INTERP_LINK_SLOTS);
}

/* --- The result ------------------------------------------------------------------------ */

/* @p size bytes, a multiple of 8, that live as long as the instance. NULL: no memory. */
static void *chunk_allocate(struct interp_translator *t, size_t size)
{
    struct interp_chunk *chunk = t->instance->chunks;

    if (chunk == NULL || chunk->size - chunk->used < size) {
        size_t wanted =
            size + sizeof(*chunk) > CHUNK_SIZE ? size + sizeof(*chunk) : CHUNK_SIZE;
        chunk = wasm_allocate(t->platform, wanted, 1);
        if (chunk == NULL) {
            return NULL;
        }
        chunk->next = t->instance->chunks;
        chunk->size = wanted;
        chunk->used = sizeof(*chunk);
        t->instance->chunks = chunk;
    }
    chunk->used += size;
    return (uint8_t *)chunk + chunk->used - size;
}

static const struct interp_op *keep_code(struct interp_translator *t)
{
    size_t catches = (size_t)t->catch_count * sizeof(*t->catches);
    struct interp_block *block =
        chunk_allocate(t, sizeof(*block) + t->code_size + catches);

    if (block == NULL) {
        return NULL;
    }
    *block = (struct interp_block){.function = t->function,
                                   .code_size = t->code_size,
                                   .catch_count = t->catch_count,
                                   .link_slot = t->link_slot,
                                   .frame_slots = t->max_slot};
    __builtin_memcpy(block + 1, t->code, t->code_size);
    if (catches != 0) {
        __builtin_memcpy((uint8_t *)(block + 1) + t->code_size, t->catches, catches);
    }
    return interp_block_code(block);
}

const struct interp_op *interp_translate(struct interp_instance *instance,
                                         struct wasm_function *function)
{
    struct interp_translator *t = instance->shared->translator;
    const struct interp_op *code;

    t->locate_target = NO_OFFSET;
    if (!set_out(t, instance, function)) {
        return NULL;
    }
    translate_body(t);
    if (t->failed) {
        return NULL;
    }
    code = keep_code(t);
    if (code != NULL) {
        function->code = code;
    }
    return code;
}

uint64_t interp_locate(struct interp_instance *instance, struct wasm_function *function,
                       uint32_t code_offset)
{
    struct interp_translator *t = instance->shared->translator;

    t->locate_target = code_offset;
    t->located = instance->instance->module->bytes + function->body->offset;
    if (set_out(t, instance, function)) {
        translate_body(t);
    }
    t->locate_target = NO_OFFSET;
    return (uint64_t)(t->located - instance->instance->module->bytes);
}
