/**
 * test_forms.c - the translator against a plain interpreter: random functions, run by both.
 *
 * The plain twin executes the body's bytes one by one, with an operand stack and a switch.
 * The functions mix integer arithmetic on parameters and locals (some of which the translator
 * keeps in registers, some in slots), constants, loads, stores, select, blocks, loops and
 * conditional branches, so that all forms, fusions and moves come up. Each function runs with
 * guard pages, with explicit bounds checks, and with fuel: results and memory are compared,
 * and fuel used must not depend on the bounds checks.
 */
#include "unit.h"

#include "wasm/wasm.h"
#include <stdlib.h>
#include <sys/mman.h>

enum { I32_LOCALS = 7, I64_LOCALS = 4, LOCALS = I32_LOCALS + I64_LOCALS };
enum { CODE_MAX = 4096, STACK_MAX = 64, STEP_LIMIT = 200000, MEMORY_BYTES = 65536 };
enum { I32 = 0x7F, I64 = 0x7E, EMPTY = 0x40 };

/* --- Generation --------------------------------------------------------------------- */

struct generator {
    uint32_t seed;
    uint8_t code[CODE_MAX];
    size_t size;
    bool in_loop; /**< loops do not nest: they share a counter */
};

static uint32_t pick(struct generator *g, uint32_t limit)
{
    g->seed ^= g->seed << 13;
    g->seed ^= g->seed >> 17;
    g->seed ^= g->seed << 5;
    return (g->seed >> 3) % limit;
}

static void put(struct generator *g, uint8_t byte)
{
    g->code[g->size++] = byte;
}

static void put_signed(struct generator *g, int64_t value)
{
    for (;;) {
        uint8_t byte = value & 0x7F;
        value >>= 7;
        if ((value == 0 && (byte & 0x40) == 0) || (value == -1 && (byte & 0x40) != 0)) {
            put(g, byte);
            return;
        }
        put(g, byte | 0x80);
    }
}

static uint8_t local_of(struct generator *g, uint8_t type)
{
    /* The first of each type come up more often: they get the registers. */
    uint32_t count = type == I32 ? I32_LOCALS : I64_LOCALS;
    uint32_t index = pick(g, 2) ? pick(g, 2) : pick(g, count);

    return (uint8_t)(type == I32 ? index : I32_LOCALS + index);
}

/* The counter of loops is not touched by others. */
static uint8_t writable_local(struct generator *g, uint8_t type)
{
    uint8_t local = local_of(g, type);

    return local == I32_LOCALS - 1 ? 0 : local;
}

static void constant(struct generator *g, uint8_t type)
{
    static const int64_t special[] = {0,         1,         2,         -1,
                                      31,        255,       INT32_MAX, INT32_MIN,
                                      INT64_MAX, INT64_MIN, 1LL << 32, 65535};
    int64_t value = pick(g, 2) ? (int64_t)pick(g, 200) - 100
                               : special[pick(g, sizeof(special) / sizeof(*special))];

    put(g, type == I32 ? 0x41 : 0x42);
    put_signed(g, type == I32 ? (int32_t)value : value);
}

static void expression(struct generator *g, uint8_t type, uint32_t depth);

/* An address that stays in the memory whatever the operand is. */
static void address(struct generator *g, uint32_t depth)
{
    expression(g, I32, depth);
    put(g, 0x41);
    put_signed(g, 0x3FF8);
    put(g, 0x71); /* i32.and */
    if (pick(g, 2)) {
        constant(g, I32);
        put(g, 0x71);
        put(g, 0x20);
        put(g, local_of(g, I32));
        put(g, 0x41);
        put_signed(g, 0xFFF);
        put(g, 0x71);
        put(g, 0x6A); /* i32.add */
    }
}

static void load(struct generator *g, uint8_t type, uint32_t depth)
{
    static const uint8_t loads32[] = {0x28, 0x2C, 0x2D, 0x2E, 0x2F};
    static const uint8_t loads64[] = {0x29, 0x30, 0x31, 0x34, 0x35};

    address(g, depth);
    put(g, type == I32 ? loads32[pick(g, 5)] : loads64[pick(g, 5)]);
    put(g, 0);
    put(g, (uint8_t)pick(g, 100));
}

/* Comparisons, then arithmetic without division, of both types. */
static void binary(struct generator *g, uint8_t type, uint32_t depth)
{
    static const uint8_t arithmetic[] = {0x6A, 0x6B, 0x6C, 0x71, 0x72, 0x73,
                                         0x74, 0x75, 0x76, 0x77, 0x78};

    if (type == I32 && pick(g, 4) == 0) {
        uint8_t compared = pick(g, 2) ? I32 : I64;
        expression(g, compared, depth);
        expression(g, compared, depth);
        put(g, (uint8_t)((compared == I32 ? 0x46 : 0x51) + pick(g, 10)));
        return;
    }
    expression(g, type, depth);
    expression(g, type, depth);
    put(g, (uint8_t)(arithmetic[pick(g, 11)] + (type == I32 ? 0 : 0x12)));
}

static void unary(struct generator *g, uint8_t type, uint32_t depth)
{
    static const uint8_t words[] = {0x67, 0x68, 0x69, 0xC0, 0xC1, 0x45, 0xA7, 0x50};
    static const uint8_t quads[] = {0x79, 0x7A, 0x7B, 0xC2, 0xC3, 0xC4, 0xAC, 0xAD};
    uint32_t i = pick(g, 8);
    bool crosses = type == I32 ? i >= 6 : i >= 6;

    expression(g, crosses ? (type == I32 ? I64 : I32) : type, depth);
    put(g, type == I32 ? words[i] : quads[i]);
}

static void expression(struct generator *g, uint8_t type, uint32_t depth)
{
    uint32_t choice =
        depth == 0 || g->size > CODE_MAX - 1200 ? pick(g, 2) : pick(g, 10);

    switch (choice) {
    case 0:
        constant(g, type);
        break;
    case 1:
        put(g, 0x20);
        put(g, local_of(g, type));
        break;
    case 2:
        expression(g, type, depth - 1);
        put(g, 0x22); /* local.tee */
        put(g, writable_local(g, type));
        break;
    case 3:
        load(g, type, depth - 1);
        break;
    case 4:
        unary(g, type, depth - 1);
        break;
    case 5:
        expression(g, type, depth - 1);
        expression(g, type, depth - 1);
        expression(g, I32, depth - 1);
        put(g, 0x1B); /* select */
        break;
    case 6: /* a block that may be left early with its value */
        put(g, 0x02);
        put(g, type);
        expression(g, type, depth - 1);
        expression(g, I32, depth - 1);
        put(g, 0x0D);
        put(g, 0);
        put(g, 0x0B);
        break;
    default:
        binary(g, type, depth - 1);
        break;
    }
}

static void statements(struct generator *g, uint32_t count, uint32_t depth);

/* A loop that a counter of its own, the last i32 local but one, ends. */
static void loop(struct generator *g, uint32_t depth)
{
    put(g, 0x41);
    put_signed(g, 1 + pick(g, 6));
    put(g, 0x21);
    put(g, I32_LOCALS - 1);
    put(g, 0x03);
    put(g, EMPTY);
    statements(g, 2, depth - 1);
    put(g, 0x20);
    put(g, I32_LOCALS - 1);
    put(g, 0x41);
    put_signed(g, -1);
    put(g, 0x6A);
    put(g, 0x22);
    put(g, I32_LOCALS - 1);
    if (pick(g, 2)) {
        constant(g, I32);
        put(g, 0x4A); /* i32.gt_s: may end early or go on */
        put(g, 0x20);
        put(g, I32_LOCALS - 1);
        put(g, 0x41);
        put_signed(g, 0);
        put(g, 0x4A);
        put(g, 0x71);
    }
    put(g, 0x0D);
    put(g, 0);
    put(g, 0x0B);
}

static void statement(struct generator *g, uint32_t depth)
{
    static const uint8_t stores[] = {0x36, 0x3A, 0x3B};
    uint8_t type = pick(g, 3) ? I32 : I64;

    switch (depth == 0 || g->size > CODE_MAX - 1200 ? pick(g, 2) : pick(g, 6)) {
    case 2:
        if (!g->in_loop) {
            g->in_loop = true;
            loop(g, depth);
            g->in_loop = false;
        }
        break;
    case 3:
        expression(g, I32, 2);
        put(g, 0x04);
        put(g, EMPTY);
        statements(g, 2, depth - 1);
        put(g, 0x05);
        statements(g, 1, depth - 1);
        put(g, 0x0B);
        break;
    case 4:
        put(g, 0x02);
        put(g, EMPTY);
        expression(g, I32, 3);
        put(g, 0x0D);
        put(g, 0);
        statements(g, 2, depth - 1);
        put(g, 0x0B);
        break;
    case 0:
        address(g, 1);
        expression(g, type, 2);
        put(g, type == I64 ? 0x37 : stores[pick(g, 3)]);
        put(g, 0);
        put(g, (uint8_t)pick(g, 100));
        break;
    default:
        expression(g, type, 3);
        put(g, 0x21);
        put(g, writable_local(g, type));
        break;
    }
}

static void statements(struct generator *g, uint32_t count, uint32_t depth)
{
    for (uint32_t i = 0; i < count; i++) {
        statement(g, depth);
    }
}

/* --- The plain twin ------------------------------------------------------------------- */

struct twin {
    const uint8_t *code;
    size_t pc;
    uint64_t locals[LOCALS];
    uint64_t stack[STACK_MAX];
    size_t height;
    uint8_t memory[MEMORY_BYTES];
};

static int64_t read_signed(struct twin *t)
{
    uint64_t value = 0;
    unsigned shift = 0;
    uint8_t byte;

    do {
        byte = t->code[t->pc++];
        value |= (uint64_t)(byte & 0x7F) << shift;
        shift += 7;
    } while ((byte & 0x80) != 0);
    return (int64_t)(shift < 64 && (byte & 0x40) != 0 ? value | UINT64_MAX << shift
                                                      : value);
}

static uint64_t take(struct twin *t)
{
    assert_true(t->height > 0);
    return t->stack[--t->height];
}

static void give(struct twin *t, uint64_t value)
{
    assert_true(t->height < STACK_MAX);
    t->stack[t->height++] = value;
}

static uint64_t arithmetic(uint8_t op, unsigned bits, uint64_t l, uint64_t r)
{
    uint64_t mask = bits == 64 ? UINT64_MAX : UINT32_MAX;
    unsigned n = (unsigned)(r & (bits - 1));
    int64_t s = bits == 64 ? (int64_t)l : (int32_t)l;
    uint64_t back = n == 0 ? 0 : bits - n;

    switch (op) {
    case 0x6A:
        return (l + r) & mask;
    case 0x6B:
        return (l - r) & mask;
    case 0x6C:
        return (l * r) & mask;
    case 0x71:
        return l & r;
    case 0x72:
        return l | r;
    case 0x73:
        return l ^ r;
    case 0x74:
        return (l << n) & mask;
    case 0x75:
        return (uint64_t)(s >> n) & mask;
    case 0x76:
        return l >> n;
    case 0x77:
        return n == 0 ? l : ((l << n) | (l >> back)) & mask;
    default:
        return n == 0 ? l : ((l >> n) | (l << back)) & mask;
    }
}

static uint64_t compare(uint8_t which, unsigned bits, uint64_t l, uint64_t r)
{
    int64_t a = bits == 64 ? (int64_t)l : (int32_t)l;
    int64_t b = bits == 64 ? (int64_t)r : (int32_t)r;

    switch (which) {
    case 0:
        return l == r;
    case 1:
        return l != r;
    case 2:
        return a < b;
    case 3:
        return l < r;
    case 4:
        return a > b;
    case 5:
        return l > r;
    case 6:
        return a <= b;
    case 7:
        return l <= r;
    case 8:
        return a >= b;
    default:
        return l >= r;
    }
}

static uint64_t convert(uint8_t op, uint64_t v)
{
    switch (op) {
    case 0x45:
    case 0x50:
        return v == 0;
    case 0x67:
        return v == 0 ? 32 : (uint64_t)__builtin_clz((uint32_t)v);
    case 0x68:
        return v == 0 ? 32 : (uint64_t)__builtin_ctz((uint32_t)v);
    case 0x79:
        return v == 0 ? 64 : (uint64_t)__builtin_clzll(v);
    case 0x7A:
        return v == 0 ? 64 : (uint64_t)__builtin_ctzll(v);
    case 0x69:
    case 0x7B:
        return (uint64_t)__builtin_popcountll(v);
    case 0xC0:
        return (uint32_t)(int8_t)v;
    case 0xC1:
        return (uint32_t)(int16_t)v;
    case 0xC2:
        return (uint64_t)(int8_t)v;
    case 0xC3:
        return (uint64_t)(int16_t)v;
    case 0xC4:
    case 0xAC:
        return (uint64_t)(int32_t)v;
    default:
        return (uint32_t)v; /* wrap, extend_u */
    }
}

static uint64_t load_from(const struct twin *t, uint8_t op, uint64_t where)
{
    uint64_t value = 0;
    size_t size = op == 0x29                 ? 8
                  : op == 0x28 || op >= 0x34 ? 4
                  : op == 0x2E || op == 0x2F ? 2
                                             : 1;

    memcpy(&value, t->memory + where, size);
    switch (op) {
    case 0x2C:
        return (uint32_t)(int8_t)value;
    case 0x2E:
        return (uint32_t)(int16_t)value;
    case 0x30:
        return (uint64_t)(int8_t)value;
    case 0x34:
        return (uint64_t)(int32_t)value;
    default:
        return value;
    }
}

/* Skips instructions from pc to behind the `end` (or `else`) of the block around it. */
static void skip_block(struct twin *t, bool stop_at_else)
{
    for (uint32_t depth = 0;;) {
        uint8_t op = t->code[t->pc++];
        if (op == 0x02 || op == 0x03 || op == 0x04) {
            depth++;
            t->pc++;
        } else if (op == 0x0B && depth-- == 0) {
            return;
        } else if (op == 0x05 && depth == 0 && stop_at_else) {
            return;
        } else if (op == 0x41 || op == 0x42) {
            read_signed(t);
        } else if (op >= 0x28 && op <= 0x3E) {
            t->pc += 2;
        } else if (op == 0x0D || (op >= 0x20 && op <= 0x22)) {
            t->pc++;
        }
    }
}

static void simple(struct twin *t, uint8_t op)
{
    uint64_t r;
    uint64_t l;

    if ((op >= 0x46 && op <= 0x4F) || (op >= 0x51 && op <= 0x5A)) {
        r = take(t);
        l = take(t);
        give(t,
             op < 0x50 ? compare(op - 0x46, 32, l, r) : compare(op - 0x51, 64, l, r));
    } else if (op >= 0x6A && op <= 0x78) {
        r = take(t);
        give(t, arithmetic(op, 32, take(t), r));
    } else if (op >= 0x7C && op <= 0x8A) {
        r = take(t);
        give(t, arithmetic((uint8_t)(op - 0x12), 64, take(t), r));
    } else {
        give(t, convert(op, take(t)));
    }
}

static void access_memory(struct twin *t, uint8_t op)
{
    uint64_t offset = t->code[t->pc + 1];
    uint64_t value;

    t->pc += 2;
    if (op <= 0x35) {
        give(t, load_from(t, op, (uint32_t)take(t) + offset));
        return;
    }
    value = take(t);
    memcpy(t->memory + (uint32_t)take(t) + offset, &value,
           op == 0x36   ? 4
           : op == 0x37 ? 8
           : op == 0x3A ? 1
                        : 2);
}

/* The body, to its end. Labels: where a loop begins, or 0 for a block. */
static void run_twin(struct twin *t, size_t size)
{
    size_t labels[64];
    size_t depth = 0;

    for (uint32_t steps = 0; t->pc < size; steps++) {
        uint8_t op = t->code[t->pc++];
        uint64_t value;
        assert_true(steps < STEP_LIMIT);
        if (op == 0x02 || op == 0x03 || op == 0x04) {
            t->pc++;
            assert_true(depth < 64);
            labels[depth++] = op == 0x03 ? t->pc : 0;
            if (op == 0x04 && (uint32_t)take(t) == 0) {
                skip_block(t, true);
            }
        } else if (op == 0x05) {
            skip_block(t, false);
            depth--;
        } else if (op == 0x0B) {
            if (depth == 0) {
                return;
            }
            depth--;
        } else if (op == 0x0D) {
            t->pc++;
            if ((uint32_t)take(t) == 0) {
                continue;
            }
            if (labels[depth - 1] != 0) {
                t->pc = labels[depth - 1];
            } else {
                skip_block(t, false);
                depth--;
            }
        } else if (op == 0x1B) {
            uint64_t condition = take(t);
            uint64_t second = take(t);
            value = take(t);
            give(t, (uint32_t)condition != 0 ? value : second);
        } else if (op == 0x20) {
            give(t, t->locals[t->code[t->pc++]]);
        } else if (op == 0x21 || op == 0x22) {
            value = take(t);
            t->locals[t->code[t->pc++]] = value;
            if (op == 0x22) {
                give(t, value);
            }
        } else if (op == 0x41) {
            give(t, (uint32_t)read_signed(t));
        } else if (op == 0x42) {
            give(t, (uint64_t)read_signed(t));
        } else if (op >= 0x28 && op <= 0x3E) {
            access_memory(t, op);
        } else {
            simple(t, op);
        }
    }
}

/* --- The engine's side ------------------------------------------------------------------ */

static void *heap_allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void heap_release(void *context, void *pointer, size_t size)
{
    (void)context;
    (void)size;
    free(pointer);
}

static void *space_reserve(void *context, size_t size)
{
    void *space =
        mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    (void)context;
    return space == MAP_FAILED ? NULL : space;
}

static bool space_commit(void *context, void *base, size_t size)
{
    (void)context;
    return mprotect(base, size, PROT_READ | PROT_WRITE) == 0;
}

static void space_unreserve(void *context, void *base, size_t size)
{
    (void)context;
    munmap(base, size);
}

/* Nothing here goes out of bounds: a fault would be a defect and end the test. */
static bool plain_enter(void *context, void (*function)(void *argument), void *argument,
                        struct wasm_fault *out_fault)
{
    (void)context;
    (void)out_fault;
    function(argument);
    return true;
}

/* (module (memory (export "m") 1) (func (export "f") (param ...) (result i64) code)). */
static size_t make_module(uint8_t *out, const struct generator *g)
{
    static const uint8_t head[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    size_t n = sizeof(head);
    size_t body = g->size + 5; /* one group of locals, two where there are i64 */

    memcpy(out, head, sizeof(head));
    out[n++] = 1; /* types: all locals are parameters but the last of each type */
    out[n++] = (uint8_t)(LOCALS + 5);
    out[n++] = 1;
    out[n++] = 0x60;
    out[n++] = LOCALS;
    memset(out + n, I32, I32_LOCALS);
    memset(out + n + I32_LOCALS, I64, I64_LOCALS);
    n += LOCALS;
    out[n++] = 1;
    out[n++] = I64;
    memcpy(out + n, (const uint8_t[]){3, 2, 1, 0,   5, 3, 1, 0,   1, 7,
                                      9, 2, 1, 'm', 2, 0, 1, 'f', 0, 0},
           20);
    n += 20;
    out[n++] = 10;
    body = g->size + 1; /* no locals beyond the parameters */
    for (int i = 0; i < 2; i++) {
        size_t size = i == 0 ? body + 4 : body;
        if (i == 1) {
            continue;
        }
        out[n++] = (uint8_t)(size | 0x80);
        out[n++] = (uint8_t)(size >> 7 | 0x80);
        out[n++] = (uint8_t)(size >> 14);
    }
    out[n++] = 1;
    out[n++] = (uint8_t)(body | 0x80);
    out[n++] = (uint8_t)(body >> 7 | 0x80);
    out[n++] = (uint8_t)(body >> 14);
    out[n++] = 0;
    memcpy(out + n, g->code, g->size);
    return n + g->size;
}

/* Runs the module and compares with the twin's end; the fuel used, if it counts. */
static uint64_t run_engine(const uint8_t *bytes, size_t size, bool guarded, bool fuel,
                           const uint64_t *arguments, const struct twin *expected)
{
    struct wasm_engine_config config = {.platform = {.allocate = heap_allocate,
                                                     .release = heap_release,
                                                     .reserve = space_reserve,
                                                     .commit = space_commit,
                                                     .unreserve = space_unreserve,
                                                     .enter = plain_enter},
                                        .features = WASM_FEATURES_ALL,
                                        .explicit_bounds = !guarded};
    struct wasm_engine *engine;
    struct wasm_module *module;
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct wasm_instance *instance;
    struct wasm_error error;
    union wasm_value values[LOCALS];
    union wasm_value result;
    uint64_t used;

    assert_int_equal(wasm_engine_create(&config, &engine), WASM_OK);
    if (wasm_module_load(engine, bytes, size, &module, &error) != WASM_OK) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(wasm_store_create(engine, NULL, &store), WASM_OK);
    if (fuel) {
        wasm_store_set_fuel(store, 1 << 28);
    }
    assert_int_equal(wasm_linker_create(store, &linker), WASM_OK);
    assert_int_equal(wasm_instantiate(linker, module, &instance, &error), WASM_OK);
    for (int i = 0; i < LOCALS; i++) {
        values[i].i64 = arguments[i];
    }
    assert_int_equal(
        wasm_call(store, wasm_instance_function(instance, "f"), values, &result),
        WASM_TRAP_NONE);
    assert_int_equal(result.i64, expected->stack[0]);
    assert_memory_equal(wasm_memory_data(wasm_instance_memory(instance, "m")),
                        expected->memory, MEMORY_BYTES);
    used = (1 << 28) - wasm_store_fuel(store);
    wasm_linker_release(linker);
    wasm_store_release(store);
    wasm_module_release(module);
    wasm_engine_release(engine);
    return used;
}

static void one_function(uint32_t seed)
{
    static struct generator g;
    static struct twin twin;
    static uint8_t bytes[CODE_MAX + 128];
    uint64_t arguments[LOCALS];
    size_t size;

    g = (struct generator){.seed = seed * 2654435761u + 1};
    twin = (struct twin){.code = g.code};
    statements(&g, 6, 3);
    expression(&g, I64, 4);
    put(&g, 0x0B);
    for (int i = 0; i < LOCALS; i++) {
        uint64_t value = ((uint64_t)pick(&g, 1 << 28) << 36) ^ pick(&g, 1 << 28);
        arguments[i] = i < I32_LOCALS ? (uint32_t)value : value;
        twin.locals[i] = arguments[i];
    }
    run_twin(&twin, g.size);
    assert_int_equal(twin.height, 1);
    size = make_module(bytes, &g);
    run_engine(bytes, size, true, false, arguments, &twin);
    assert_int_equal(run_engine(bytes, size, true, true, arguments, &twin),
                     run_engine(bytes, size, false, true, arguments, &twin));
}

static void random_functions_agree(void **state)
{
    const char *given = getenv("FORMS_SEED");

    (void)state;
    if (given != NULL) {
        one_function((uint32_t)strtoul(given, NULL, 0));
        return;
    }
    for (uint32_t seed = 1; seed <= 1500; seed++) {
        one_function(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_functions_agree)};

    return cmocka_run_group_tests_name("interp_forms", tests, NULL, NULL);
}
