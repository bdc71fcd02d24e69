/**
 * test_validate.c - what validation leaves in a body's summary, that nothing recurses, and that
 * the fast paths agree with their plain twin. That the rules are right is the specification
 * suite's to show.
 */
#include "wasm_unit.h"

#include "module/allocate.h"
#include "validate/validate.h"

/** A module of one function type [] -> [] and one function with the body @p code. */
static uint8_t *make_module(const uint8_t *code, uint32_t code_size, size_t *out_size)
{
    static const uint8_t head[] = {0, 'a',  's', 'm', 1, 0, 0, 0, 1, 4,
                                   1, 0x60, 0,   0,   3, 2, 1, 0, 10};
    uint8_t *bytes = malloc(sizeof(head) + code_size + 16);
    uint8_t *p = bytes + sizeof(head);
    uint32_t sizes[2] = {code_size + 6, code_size}; /* section and body, 5 bytes each */

    memcpy(bytes, head, sizeof(head));
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 5; k++) {
            *p++ = (uint8_t)((sizes[i] >> (7 * k) & 0x7F) | (k < 4 ? 0x80 : 0));
        }
        if (i == 0) {
            *p++ = 1; /* one body */
        }
    }
    memcpy(p, code, code_size);
    *out_size = (size_t)(p + code_size - bytes);
    return bytes;
}

static enum wasm_status load_body(struct test_heap *heap, const uint8_t *code,
                                  uint32_t code_size, struct wasm_body *out_body,
                                  struct wasm_error *out_error)
{
    struct wasm_engine *engine = test_engine(heap, WASM_FEATURES_ALL);
    struct wasm_module *module;
    size_t size;
    uint8_t *bytes = make_module(code, code_size, &size);
    enum wasm_status status = wasm_module_load(engine, bytes, size, &module, out_error);

    if (status == WASM_OK) {
        *out_body = module->bodies[0];
        wasm_module_release(module);
    }
    wasm_engine_release(engine);
    assert_int_equal(heap->blocks, 0);
    free(bytes);
    return status;
}

static void leaves_a_summary(void **state)
{
    /* (local i32 i32 i64) (loop (drop (i32.add (local.get 0) (i32.add …)))) */
    static const uint8_t code[] = {2,    2, 0x7F, 1, 0x7E, 0x03, 0x40, 0x20, 0,
                                   0x20, 1, 0x20, 0, 0x6A, 0x6A, 0x1A, 0x0B, 0x0B};
    struct test_heap heap;
    struct wasm_body body;
    struct wasm_error error;

    (void)state;
    assert_int_equal(load_body(&heap, code, sizeof(code), &body, &error), WASM_OK);
    assert_int_equal(body.local_count, 3);
    assert_int_equal(body.max_operands, 3);
    assert_int_equal(body.max_labels, 2);
    assert_int_equal(body.flags, BODY_LOOPS);
    assert_int_equal(body.size, sizeof(code));
}

static void errors_say_where(void **state)
{
    /* (i32.const 1) (i64.const 2) (i32.add) (drop) */
    static const uint8_t code[] = {0, 0x41, 1, 0x42, 2, 0x6A, 0x1A, 0x0B};
    struct test_heap heap;
    struct wasm_body body;
    struct wasm_error error;
    char text[256];

    (void)state;
    assert_int_equal(load_body(&heap, code, sizeof(code), &body, &error), WASM_INVALID);
    assert_int_equal(error.section, WASM_SECTION_CODE);
    assert_int_equal(error.function, 0);
    assert_int_equal(error.offset, 30 + 5);
    assert_string_equal(error.message,
                        "type mismatch: i32.add expects i32 but found i64");
    wasm_error_print(&error, NULL, text, sizeof(text));
    assert_string_equal(text,
                        "invalid module: section code, function 0, offset 0x23: type "
                        "mismatch: i32.add expects i32 but found i64");
    assert_int_equal(wasm_error_print(&error, NULL, text, 8), 7);
    assert_string_equal(text, "invalid");
}

/** 200,000 nested blocks, and as many operands: no stack of the host grows with them. */
static void nests_without_recursion(void **state)
{
    enum { DEPTH = 200000 };
    uint8_t *code = malloc(5 * DEPTH + 2);
    struct test_heap heap;
    struct wasm_body body;
    struct wasm_error error;
    uint32_t size = 0;

    (void)state;
    code[size++] = 0;
    for (int i = 0; i < DEPTH; i++) {
        code[size++] = 0x02;
        code[size++] = 0x40;
    }
    for (int i = 0; i < DEPTH; i++) {
        code[size++] = 0x0B;
    }
    code[size++] = 0x0B;
    assert_int_equal(load_body(&heap, code, size, &body, &error), WASM_OK);
    assert_int_equal(body.max_labels, DEPTH + 1);
    size = 1;
    for (int i = 0; i < DEPTH; i++) {
        code[size++] = 0x41;
        code[size++] = 0;
    }
    for (int i = 0; i < DEPTH; i++) {
        code[size++] = 0x1A;
    }
    code[size++] = 0x0B;
    assert_int_equal(load_body(&heap, code, size, &body, &error), WASM_OK);
    assert_int_equal(body.max_operands, DEPTH);
    free(code);
}

/** Locals beyond the expanded ones are found in their runs. */
static void many_locals(void **state)
{
    /* 600 i32, 600 i64; (local.set 1199 (i64.extend_i32_u (local.get 599))) */
    static const uint8_t good[] = {2,    0xD8, 4,    0x7F, 0xD8, 4, 0x7E, 0x20,
                                   0xD7, 4,    0xAD, 0x21, 0xAF, 9, 0x0B};
    static const uint8_t bad[] = {2,    0xD8, 4,    0x7F, 0xD8, 4, 0x7E, 0x20,
                                  0xD8, 4,    0xAD, 0x21, 0xAF, 9, 0x0B};
    static const uint8_t too_many[] = {2,    0xFF, 0xFF, 0xFF, 0xFF,
                                       0x0F, 0x7F, 0x02, 0x7F, 0x0B};
    struct test_heap heap;
    struct wasm_body body;
    struct wasm_error error;

    (void)state;
    assert_int_equal(load_body(&heap, good, sizeof(good), &body, &error), WASM_OK);
    assert_int_equal(body.local_count, 1200);
    assert_int_equal(load_body(&heap, bad, sizeof(bad), &body, &error), WASM_INVALID);
    assert_int_equal(load_body(&heap, too_many, sizeof(too_many), &body, &error),
                     WASM_TOO_LARGE);
}

/** A (ref $t) local must be set before it is read, in the block that reads it. */
static void non_null_locals(void **state)
{
    /* (local (ref 0)) then one of: get | set, get | block set end get */
    static const uint8_t unset[] = {1, 1, 0x64, 0, 0x20, 0, 0x1A, 0x0B};
    static const uint8_t in_block[] = {1,    1,    0x64, 0,    0x02, 0x40, 0xD0, 0,
                                       0xD4, 0x21, 0,    0x0B, 0x20, 0,    0x1A, 0x0B};
    static const uint8_t set[] = {1,    1, 0x64, 0, 0xD0, 0,   0xD4,
                                  0x21, 0, 0x20, 0, 0x1A, 0x0B};
    struct test_heap heap;
    struct wasm_body body;
    struct wasm_error error;

    (void)state;
    assert_int_equal(load_body(&heap, unset, sizeof(unset), &body, &error),
                     WASM_INVALID);
    assert_non_null(strstr(error.message, "uninitialized local"));
    assert_int_equal(load_body(&heap, in_block, sizeof(in_block), &body, &error),
                     WASM_INVALID);
    assert_int_equal(load_body(&heap, set, sizeof(set), &body, &error), WASM_OK);
}

/** Instructions of a refused proposal are refused by its name, in a body too. */
static void names_refused_proposals(void **state)
{
    static const uint8_t atomics[] = {0, 0xFE, 3, 0, 0x0B};
    static const uint8_t structs[] = {0, 0xFB, 0, 0, 0x0B};
    static const uint8_t unknown[] = {0, 0x27, 0x0B};
    struct test_heap heap;
    struct wasm_body body;
    struct wasm_error error;

    (void)state;
    assert_int_equal(load_body(&heap, atomics, sizeof(atomics), &body, &error),
                     WASM_UNSUPPORTED);
    assert_non_null(strstr(error.message, "threads"));
    assert_int_equal(load_body(&heap, structs, sizeof(structs), &body, &error),
                     WASM_UNSUPPORTED);
    assert_non_null(strstr(error.message, "garbage collection"));
    assert_int_equal(load_body(&heap, unknown, sizeof(unknown), &body, &error),
                     WASM_MALFORMED);
}

/* --- Fast paths and their twin ----------------------------------------------------- */

struct verdict {
    bool fine;
    struct wasm_error error;
    struct wasm_body body;
};

static struct verdict validate_as(struct wasm_module *module, uint32_t index,
                                  bool is_plain)
{
    struct verdict verdict = {.fine = false};
    struct wasm_validator *validator = wasm_validator_create(module, &verdict.error);

    assert_non_null(validator);
    wasm_validator_set_plain(validator, is_plain);
    verdict.fine = wasm_validate_body(validator, index);
    verdict.body = *module_body(module, index);
    wasm_validator_release(validator);
    return verdict;
}

/** Both ways give one verdict, one error at one place, one summary. */
static void compare(struct wasm_module *module, uint32_t index)
{
    struct verdict fast = validate_as(module, index, false);
    struct verdict plain = validate_as(module, index, true);

    assert_int_equal(fast.fine, plain.fine);
    if (fast.fine) {
        assert_memory_equal(&fast.body, &plain.body, sizeof(fast.body));
    } else {
        assert_int_equal(fast.error.status, plain.error.status);
        assert_int_equal(fast.error.offset, plain.error.offset);
        assert_string_equal(fast.error.message, plain.error.message);
    }
}

/** Bodies of real code, and the same with bytes changed at random. */
static void fast_paths_agree(void **state)
{
    struct world world;
    uint8_t *bytes = unit_exact_copy(module_wide, sizeof(module_wide));
    uint64_t random = 42;
    uint32_t index;
    const struct wasm_body *body;

    (void)state;
    world_open(&world, bytes, sizeof(module_wide), NULL);
    index = world.module->imported_functions;
    body = module_body(world.module, index);
    compare(world.module, index);
    for (int i = 0; i < 30000; i++) {
        uint32_t at = body->offset + (uint32_t)(unit_random(&random) % body->size);
        uint8_t old = bytes[at];

        bytes[at] = (uint8_t)unit_random(&random);
        compare(world.module, index);
        if (unit_random(&random) % 4 != 0) {
            bytes[at] = old;
        }
        if (i % 64 == 0) {
            memcpy(bytes, module_wide, sizeof(module_wide));
        }
    }
    world_close(&world);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_a_summary),
        cmocka_unit_test(errors_say_where),
        cmocka_unit_test(nests_without_recursion),
        cmocka_unit_test(many_locals),
        cmocka_unit_test(non_null_locals),
        cmocka_unit_test(names_refused_proposals),
        cmocka_unit_test(fast_paths_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
