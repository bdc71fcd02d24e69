/**
 * test_denial.c - from what WASI refused to a line for people.
 */
#include "mnos/denial.h"
#include "unit.h"
#include "wasm_host/refusals.h"

static const char *line_of(const struct program_denial *denial)
{
    static char line[2 * PROGRAM_SUBJECT_MAX];

    mnos_denial_print(denial, line, sizeof(line));
    return line;
}

static struct wasi_refusal path_refusal(const char *function, const char *preopen,
                                        const char *path)
{
    return (struct wasi_refusal){.function = function,
                                 .error = WASI_ENOTCAPABLE,
                                 .fd = 3,
                                 .preopen_path = preopen,
                                 .path = path,
                                 .path_size = (uint32_t)strlen(path)};
}

static void test_paths(void **state)
{
    struct wasi_refusal refusal = path_refusal("path_open", "/", "etc/passwd");
    struct program_denial denial;

    (void)state;
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_string_equal(line_of(&denial),
                        "path_open /etc/passwd: no directory covers it; allow it by "
                        "`dir host:/etc /etc ro` (--dir /etc::/etc:ro)");
    refusal = path_refusal("path_unlink_file", "/", "top");
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_string_equal(line_of(&denial),
                        "path_unlink_file /top: no directory covers it; allow it by "
                        "`dir host:/ / rw` (--dir /::/)");
    refusal = path_refusal("path_open", "/box", "new");
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_string_equal(line_of(&denial),
                        "path_open /box/new: its directory is read-only; allow it by "
                        "`dir SOURCE PATH rw` (--dir HOST::GUEST without :ro)");
    refusal.leads_out = true;
    refusal.path = "../secret";
    refusal.path_size = 9;
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_string_equal(
        line_of(&denial),
        "path_open /box/../secret: it leads out of its directory; allow it by "
        "`dir SOURCE PATH ro` (--dir HOST::GUEST:ro, for where it leads)");
}

static void test_other_grants(void **state)
{
    struct wasi_refusal refusal = {.function = "clock_time_get",
                                   .error = WASI_ENOTCAPABLE,
                                   .fd = WASI_CLOCK_REALTIME};
    struct program_denial denial;

    (void)state;
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_string_equal(
        line_of(&denial),
        "clock_time_get: no time of day; allow it by `clock real` (--clock=real)");
    refusal.fd = WASI_CLOCK_MONOTONIC;
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_int_equal(denial.grant, PROGRAM_GRANT_CLOCK);
    refusal.function = "random_get";
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_string_equal(line_of(&denial),
                        "random_get: no random bytes; allow it by `random` (--random)");
    refusal = (struct wasi_refusal){.function = "sock_accept", .error = WASI_ENOTSOCK};
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_string_equal(line_of(&denial),
                        "sock_accept: there is no network to be granted");
    refusal =
        (struct wasi_refusal){.function = "fd_write", .error = WASI_EBADF, .fd = 1};
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_string_equal(
        line_of(&denial),
        "fd_write stdout: no console; allow it by `console all` (--allow 'console all')");
}

static void test_what_is_no_denial(void **state)
{
    struct wasi_refusal refusal = {
        .function = "fd_write", .error = WASI_EBADF, .fd = 17};
    struct program_denial denial;

    (void)state;
    assert_false(refusal_to_denial(&refusal, "/", &denial));
    refusal =
        (struct wasi_refusal){.function = "fd_seek", .error = WASI_EBADF, .fd = 1};
    assert_false(refusal_to_denial(&refusal, "/", &denial));
    refusal = (struct wasi_refusal){
        .function = "fd_read", .error = WASI_ENOTCAPABLE, .fd = 5};
    assert_false(refusal_to_denial(&refusal, "/", &denial)); /* it gave the right up */
}

static void test_each_once(void **state)
{
    static struct refusals_told told;
    struct program_denial denial = {.grant = PROGRAM_GRANT_RANDOM};
    unsigned count = 0;

    (void)state;
    assert_true(refusals_is_new(&told, &denial));
    assert_false(refusals_is_new(&told, &denial));
    for (int i = 0; i < 1000; i++) {
        denial.subject[0] = (char)(1 + i % 100);
        denial.subject[1] = (char)(1 + i / 100);
        count += refusals_is_new(&told, &denial);
    }
    assert_int_equal(count, 255);
}

static void test_allegations(void **state)
{
    struct program_denial raw;
    struct program_denial denial;

    (void)state;
    memset(&raw, 0xff, sizeof(raw));
    mnos_denial_copy(&denial, &raw);
    assert_non_null(strstr(line_of(&denial), "????"));
    raw = (struct program_denial){.grant = PROGRAM_GRANT_DIRECTORY,
                                  .operation = "path\nopen",
                                  .subject = "/a\x1b[31m/b"};
    mnos_denial_copy(&denial, &raw);
    for (const char *at = line_of(&denial); *at != '\0'; at++) {
        assert_true(*at >= ' ');
    }
    raw.subject[0] = '\0';
    assert_true(strlen(line_of(&raw)) > 0);
}

static void test_long_paths(void **state)
{
    static char path[5000];
    struct wasi_refusal refusal;
    struct program_denial denial;

    (void)state;
    memset(path, 'x', sizeof(path) - 1);
    refusal = path_refusal("path_open", "/", path);
    assert_true(refusal_to_denial(&refusal, "/", &denial));
    assert_int_equal(strlen(denial.subject), PROGRAM_SUBJECT_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_other_grants),
        cmocka_unit_test(test_what_is_no_denial),
        cmocka_unit_test(test_each_once),
        cmocka_unit_test(test_allegations),
        cmocka_unit_test(test_long_paths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
