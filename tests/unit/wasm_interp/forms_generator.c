/**
 * forms_generator.c - see forms_generator.h.
 */
#include "forms_generator.h"

enum { EMPTY = 0x40 };

uint32_t generator_pick(struct generator *g, uint32_t limit)
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
    uint32_t index =
        generator_pick(g, 2) ? generator_pick(g, 2) : generator_pick(g, count);

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
    int64_t value =
        generator_pick(g, 2)
            ? (int64_t)generator_pick(g, 200) - 100
            : special[generator_pick(g, sizeof(special) / sizeof(*special))];

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
    if (generator_pick(g, 2)) {
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
    put(g, type == I32 ? loads32[generator_pick(g, 5)] : loads64[generator_pick(g, 5)]);
    put(g, 0);
    put(g, (uint8_t)generator_pick(g, 100));
}

/* Comparisons, then arithmetic without division, of both types. */
static void binary(struct generator *g, uint8_t type, uint32_t depth)
{
    static const uint8_t arithmetic[] = {0x6A, 0x6B, 0x6C, 0x71, 0x72, 0x73,
                                         0x74, 0x75, 0x76, 0x77, 0x78};

    if (type == I32 && generator_pick(g, 4) == 0) {
        uint8_t compared = generator_pick(g, 2) ? I32 : I64;
        expression(g, compared, depth);
        expression(g, compared, depth);
        put(g, (uint8_t)((compared == I32 ? 0x46 : 0x51) + generator_pick(g, 10)));
        return;
    }
    expression(g, type, depth);
    expression(g, type, depth);
    put(g, (uint8_t)(arithmetic[generator_pick(g, 11)] + (type == I32 ? 0 : 0x12)));
}

static void unary(struct generator *g, uint8_t type, uint32_t depth)
{
    static const uint8_t words[] = {0x67, 0x68, 0x69, 0xC0, 0xC1, 0x45, 0xA7, 0x50};
    static const uint8_t quads[] = {0x79, 0x7A, 0x7B, 0xC2, 0xC3, 0xC4, 0xAC, 0xAD};
    uint32_t i = generator_pick(g, 8);
    bool crosses = i >= 6;

    expression(g, crosses ? (type == I32 ? I64 : I32) : type, depth);
    put(g, type == I32 ? words[i] : quads[i]);
}

static void expression(struct generator *g, uint8_t type, uint32_t depth)
{
    uint32_t choice = depth == 0 || g->size > CODE_MAX - 1200 ? generator_pick(g, 2)
                                                              : generator_pick(g, 10);

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
    put_signed(g, 1 + generator_pick(g, 6));
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
    if (generator_pick(g, 2)) {
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
    uint8_t type = generator_pick(g, 3) ? I32 : I64;

    switch (depth == 0 || g->size > CODE_MAX - 1200 ? generator_pick(g, 2)
                                                    : generator_pick(g, 6)) {
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
        put(g, type == I64 ? 0x37 : stores[generator_pick(g, 3)]);
        put(g, 0);
        put(g, (uint8_t)generator_pick(g, 100));
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

void generator_make_body(struct generator *g)
{
    statements(g, 6, 3);
    expression(g, I64, 4);
    put(g, 0x0B);
}
