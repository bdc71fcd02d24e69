/**
 * forms_twin.c - see forms_twin.h.
 */
#include "forms_twin.h"
#include "unit.h"

enum { STEP_LIMIT = 200000 };

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
        } else if (op == 0x0B) {
            if (depth == 0) {
                return;
            }
            depth--;
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

static void begin_block(struct twin *t, uint8_t op)
{
    t->pc++;
    assert_true(t->depth < LABELS_MAX);
    t->labels[t->depth++] = op == 0x03 ? t->pc : 0;
    if (op == 0x04 && (uint32_t)take(t) == 0) {
        skip_block(t, true);
    }
}

/* br_if 0 */
static void branch_if(struct twin *t)
{
    t->pc++;
    if ((uint32_t)take(t) == 0) {
        return;
    }
    assert_true(t->depth > 0);
    if (t->labels[t->depth - 1] != 0) {
        t->pc = t->labels[t->depth - 1];
    } else {
        skip_block(t, false);
        t->depth--;
    }
}

static void select_one(struct twin *t)
{
    uint64_t condition = take(t);
    uint64_t second = take(t);
    uint64_t first = take(t);

    give(t, (uint32_t)condition != 0 ? first : second);
}

/* local.get, local.set, local.tee */
static void use_local(struct twin *t, uint8_t op)
{
    uint64_t *local = &t->locals[t->code[t->pc++]];

    if (op != 0x20) {
        *local = take(t);
    }
    if (op != 0x21) {
        give(t, *local);
    }
}

static void step(struct twin *t, uint8_t op)
{
    if (op >= 0x02 && op <= 0x04) {
        begin_block(t, op);
    } else if (op == 0x05) {
        skip_block(t, false);
        t->depth--;
    } else if (op == 0x0D) {
        branch_if(t);
    } else if (op == 0x1B) {
        select_one(t);
    } else if (op >= 0x20 && op <= 0x22) {
        use_local(t, op);
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

void twin_run(struct twin *t, size_t size)
{
    for (uint32_t steps = 0; t->pc < size; steps++) {
        uint8_t op = t->code[t->pc++];

        assert_true(steps < STEP_LIMIT);
        if (op != 0x0B) {
            step(t, op);
        } else if (t->depth == 0) {
            return;
        } else {
            t->depth--;
        }
    }
}
