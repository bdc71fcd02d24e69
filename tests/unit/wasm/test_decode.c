/**
 * test_decode.c - what the decoder takes and refuses, and what its errors say.
 */
#include "wasm_unit.h"

#include "module/module.h"

#define HEADER "\0asm\1\0\0\0"

/** Loads @p bytes, which must fail with @p status and words of @p message. */
static void expect_refused_by(uint32_t features, const char *bytes, size_t size,
                              enum wasm_status status, const char *message)
{
    struct test_heap heap;
    struct wasm_engine *engine = test_engine(&heap, features);
    void *copy = unit_exact_copy(bytes, size);
    struct wasm_module *module = NULL;
    struct wasm_error error = {0};

    assert_int_equal(wasm_module_load(engine, copy, size, &module, &error), status);
    assert_int_equal(error.status, status);
    if (strstr(error.message, message) == NULL) {
        fail_msg("\"%s\" is not in \"%s\"", message, error.message);
    }
    assert_true(error.offset <= size);
    assert_null(module);
    /* Without a place for the error it fails all the same. */
    assert_int_equal(wasm_module_load(engine, copy, size, &module, NULL), status);
    wasm_engine_release(engine);
    assert_int_equal(heap.blocks, 0);
    free(copy);
}

#define EXPECT_REFUSED(bytes, status, message) \
    expect_refused_by(WASM_FEATURES_ALL, bytes, sizeof(bytes) - 1, status, message)

static void refuses_what_is_no_module(void **state)
{
    (void)state;
    EXPECT_REFUSED("", WASM_MALFORMED, "magic header");
    EXPECT_REFUSED("\0asn\1\0\0\0", WASM_MALFORMED, "magic header");
    EXPECT_REFUSED("\0asm\1\0", WASM_MALFORMED, "version expected");
    EXPECT_REFUSED("\0asm\2\0\0\0", WASM_MALFORMED, "unknown binary version 2");
    EXPECT_REFUSED("\0asm\x0d\0\1\0", WASM_UNSUPPORTED, "component");
}

static void refuses_bad_sections(void **state)
{
    (void)state;
    EXPECT_REFUSED(HEADER "\x0e\0", WASM_MALFORMED, "malformed section id 14");
    EXPECT_REFUSED(HEADER "\1\5\0", WASM_MALFORMED, "section size 5");
    EXPECT_REFUSED(HEADER "\1\2\0\0", WASM_MALFORMED, "section size mismatch");
    EXPECT_REFUSED(HEADER "\1\1\0\1\1\0", WASM_MALFORMED, "or twice");
    EXPECT_REFUSED(HEADER "\3\1\0\1\1\0", WASM_MALFORMED, "section type stands after");
    EXPECT_REFUSED(HEADER "\0\2\5a", WASM_MALFORMED, "custom section name");
    EXPECT_REFUSED(HEADER "\0\2\1\xff", WASM_MALFORMED, "malformed UTF-8");
    EXPECT_REFUSED(HEADER "\1\4\1\x60\0\0\3\2\1\0", WASM_MALFORMED,
                   "inconsistent lengths: 1 and 0");
    EXPECT_REFUSED(HEADER "\x0c\1\1", WASM_MALFORMED, "inconsistent lengths: 1 and 0");
}

static void names_refused_proposals(void **state)
{
    (void)state;
    EXPECT_REFUSED(HEADER "\1\3\1\x5f\0", WASM_UNSUPPORTED, "garbage collection");
    EXPECT_REFUSED(HEADER "\1\5\1\x60\1\x6e\0", WASM_UNSUPPORTED, "garbage collection");
    EXPECT_REFUSED(HEADER "\5\4\1\3\1\1", WASM_UNSUPPORTED, "threads");
    expect_refused_by(WASM_FEATURES_2, HEADER "\5\3\1\4\1", 13, WASM_UNSUPPORTED,
                      "memory64");
    expect_refused_by(WASM_FEATURES_1, HEADER "\1\5\1\x60\0\1\x7b", 15,
                      WASM_UNSUPPORTED, "SIMD");
    expect_refused_by(WASM_FEATURES_1, HEADER "\1\6\1\x60\0\2\x7f\x7f", 16,
                      WASM_UNSUPPORTED, "multiple values");
}

static void bounds_indices_and_limits(void **state)
{
    (void)state;
    EXPECT_REFUSED(HEADER "\1\4\1\x60\0\0\3\2\1\1", WASM_INVALID, "unknown type 1");
    EXPECT_REFUSED(HEADER "\5\4\1\1\2\1", WASM_INVALID, "minimum must not be greater");
    EXPECT_REFUSED(HEADER "\5\5\1\0\x81\x80\4", WASM_INVALID, "at most 65536");
    EXPECT_REFUSED(HEADER "\7\5\1\1m\2\0", WASM_INVALID, "unknown memory 0");
    EXPECT_REFUSED(HEADER "\5\3\1\0\1\7\x0d\2\3mem\2\0\3mem\2\0", WASM_INVALID,
                   "duplicate export name \"mem\"");
    EXPECT_REFUSED(HEADER "\1\6\xff\xff\xff\xff\x0f\0", WASM_MALFORMED,
                   "4294967295 of types do not fit");
    EXPECT_REFUSED(HEADER "\6\4\1\x7f\0\x0b", WASM_INVALID, "type mismatch");
    EXPECT_REFUSED(HEADER "\6\6\1\x7f\0\x41\0\x1a", WASM_INVALID,
                   "constant expression required: drop");
}

/** Every prefix of a module is refused or a module, and never read beyond its end. */
static void survives_every_prefix(void **state)
{
    struct test_heap heap;
    struct wasm_engine *engine = test_engine(&heap, WASM_FEATURES_ALL);

    (void)state;
    for (size_t size = 0; size < sizeof(module_wide); size++) {
        void *copy = unit_exact_copy(module_wide, size);
        struct wasm_module *module = NULL;

        if (wasm_module_load(engine, copy, size, &module, NULL) == WASM_OK) {
            wasm_module_release(module);
        }
        free(copy);
    }
    wasm_engine_release(engine);
    assert_int_equal(heap.blocks, 0);
}

static void lists_imports_and_exports(void **state)
{
    struct world world;
    struct wasm_import import;
    struct wasm_export export;
    char text[64];

    (void)state;
    world_open(&world, module_wide, sizeof(module_wide), NULL);
    assert_int_equal(wasm_module_import_count(world.module), 2);
    import = wasm_module_import(world.module, 1);
    assert_int_equal(import.kind, WASM_EXTERN_GLOBAL);
    assert_int_equal(import.name.size, 1);
    assert_memory_equal(import.name.bytes, "g", 1);
    assert_int_equal(wasm_module_export_count(world.module), 4);
    export = wasm_module_export(world.module, 2);
    assert_int_equal(export.kind, WASM_EXTERN_TABLE);
    assert_memory_equal(export.name.bytes, "t0", 2);
    wasm_module_type_print(world.module, WASM_EXTERN_FUNCTION, 0, text, sizeof(text));
    assert_string_equal(text, "(func (param i32) (result i32))");
    wasm_module_type_print(world.module, WASM_EXTERN_MEMORY, 1, text, sizeof(text));
    assert_string_equal(text, "(memory i64 1)");
    wasm_module_type_print(world.module, WASM_EXTERN_TABLE, 0, text, sizeof(text));
    assert_string_equal(text, "(table 4 8 funcref)");
    wasm_module_type_print(world.module, WASM_EXTERN_GLOBAL, 1, text, sizeof(text));
    assert_string_equal(text, "(global (mut i64))");
    assert_int_equal(
        wasm_module_type_print(world.module, WASM_EXTERN_GLOBAL, 1, text, 5), 4);
    assert_string_equal(text, "(glo");
    assert_int_equal(wasm_module_features(world.module) & WASM_FEATURE_MULTI_MEMORY,
                     WASM_FEATURE_MULTI_MEMORY);
    world_close(&world);
}

static void finds_names(void **state)
{
    struct world world;
    struct wasm_name name;

    (void)state;
    world_open(&world, module_traps, sizeof(module_traps), NULL);
    name = wasm_module_function_name(world.module, 2);
    assert_int_equal(name.size, 5);
    assert_memory_equal(name.bytes, "outer", 5);
    name = wasm_module_function_name(world.module, 3); /* only its export has a name */
    assert_int_equal(name.size, 6);
    assert_memory_equal(name.bytes, "divide", 6);
    assert_int_equal(wasm_module_function_name(world.module, 4000).size, 0);
    world_close(&world);
}

static void finds_every_export(void **state)
{
    struct world world;

    (void)state;
    world_open(&world, module_traps, sizeof(module_traps), NULL);
    for (uint32_t i = 0; i < wasm_module_export_count(world.module); i++) {
        struct wasm_export export = wasm_module_export(world.module, i);
        const struct wasm_export_entry *found =
            wasm_module_find_export(world.module, export.name);

        assert_non_null(found);
        assert_int_equal(found->kind, export.kind);
        assert_int_equal(found->index, export.index);
    }
    assert_null(wasm_module_find_export(world.module, wasm_name_of("inne")));
    assert_null(wasm_module_find_export(world.module, wasm_name_of("")));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_module),
        cmocka_unit_test(refuses_bad_sections),
        cmocka_unit_test(names_refused_proposals),
        cmocka_unit_test(bounds_indices_and_limits),
        cmocka_unit_test(survives_every_prefix),
        cmocka_unit_test(lists_imports_and_exports),
        cmocka_unit_test(finds_names),
        cmocka_unit_test(finds_every_export),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
