/**
 * test_wasi_grants.c - imports that are served, those that only look so, and their grants.
 */
#include "mnos/wasi_grants.h"
#include "unit.h"

static const struct wasi_function *find(const char *module, const char *name,
                                        const char *type)
{
    return wasi_grants_find(
        (struct wasm_name){.bytes = module, .size = (uint32_t)strlen(module)},
        (struct wasm_name){.bytes = name, .size = (uint32_t)strlen(name)}, type);
}

static const char preview1[] = "wasi_snapshot_preview1";

static void served(void **state)
{
    (void)state;
    assert_non_null(find(preview1, "proc_exit", "(func (param i32))"));
    assert_non_null(find(preview1, "sched_yield", "(func (result i32))"));
    assert_non_null(
        find(preview1, "clock_time_get", "(func (param i32 i64 i32) (result i32))"));
}

static void not_served(void **state)
{
    (void)state;
    assert_null(find("env", "proc_exit", "(func (param i32))"));
    assert_null(find("wasi_snapshot_preview", "proc_exit", "(func (param i32))"));
    assert_null(find(preview1, "proc_exi", "(func (param i32))"));
    assert_null(find(preview1, "proc_exit2", "(func (param i32))"));
    assert_null(find(preview1, "proc_exit", "(func)"));
    assert_null(find(preview1, "proc_exit", "(func (param i64))"));
    assert_null(find(preview1, "proc_exit", "(func (param i32 i32))"));
    assert_null(find(preview1, "proc_exit", "(func (param i32) (result i32))"));
    assert_null(find(preview1, "proc_exit", "(global i32)"));
    assert_null(find(preview1, "sched_yield", "(func (result i32"));
}

static void grants(void **state)
{
    static const struct {
        const char *name;
        const char *type;
        enum wasi_grant grant;
    } rows[] = {
        {"fd_write", "(func (param i32 i32 i32 i32) (result i32))", WASI_GRANT_NONE},
        {"path_unlink_file", "(func (param i32 i32 i32) (result i32))",
         WASI_GRANT_DIRECTORY},
        {"clock_res_get", "(func (param i32 i32) (result i32))", WASI_GRANT_CLOCK},
        {"random_get", "(func (param i32 i32) (result i32))", WASI_GRANT_RANDOM},
        {"sock_shutdown", "(func (param i32 i32) (result i32))", WASI_GRANT_NETWORK},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct wasi_function *function =
            find(preview1, rows[i].name, rows[i].type);

        assert_non_null(function);
        assert_int_equal(wasi_grants_needed(function), rows[i].grant);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(served),
        cmocka_unit_test(not_served),
        cmocka_unit_test(grants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
