/**
 * test_manifest.c - core/manifest: every grant, and every way to get one wrong.
 */
#include "core/manifest.h"
#include "unit.h"
#include <stdio.h>

enum { BUFFER_BYTES = 256 };

static char buffer[BUFFER_BYTES];

static struct manifest open_text(const char *text)
{
    return manifest_open(text, strlen(text), buffer, sizeof(buffer));
}

/** The only grant of @p text. Its strings stand in `buffer`. */
static struct manifest_grant only_grant(const char *text)
{
    struct manifest manifest = open_text(text);
    struct manifest_grant grant;

    assert_int_equal(manifest_next(&manifest, &grant), MANIFEST_GRANT);
    return grant;
}

static void texts(void **state)
{
    struct manifest_grant grant = only_grant("arg \"-c x\"");

    (void)state;
    assert_int_equal(grant.kind, MANIFEST_ARGUMENT);
    assert_string_equal(grant.text, "-c x");
    grant = only_grant("name tool");
    assert_int_equal(grant.kind, MANIFEST_NAME);
    assert_string_equal(grant.text, "tool");
    grant = only_grant("env A=");
    assert_int_equal(grant.kind, MANIFEST_ENVIRONMENT);
    assert_string_equal(grant.text, "A=");
}

static void switches(void **state)
{
    (void)state;
    assert_int_equal(only_grant("console all").console, MANIFEST_CONSOLE_ALL);
    assert_int_equal(only_grant("console output").console, MANIFEST_CONSOLE_OUTPUT);
    assert_int_equal(only_grant("console none").console, MANIFEST_CONSOLE_NONE);
    assert_false(only_grant("clock").real);
    assert_true(only_grant("clock real").real);
    assert_int_equal(only_grant("random").kind, MANIFEST_RANDOM);
}

static void directories(void **state)
{
    struct manifest_grant grant = only_grant("dir \"host:/tmp/a b\" /data ro");

    (void)state;
    assert_int_equal(grant.kind, MANIFEST_DIRECTORY);
    assert_int_equal(grant.source, MANIFEST_SOURCE_HOST);
    assert_string_equal(grant.source_name, "/tmp/a b");
    assert_string_equal(grant.path, "/data");
    assert_false(grant.writable);
    assert_int_equal(grant.quota_bytes, 0);
    grant = only_grant("dir ram:tmp /tmp rw quota 16M");
    assert_int_equal(grant.source, MANIFEST_SOURCE_RAM);
    assert_string_equal(grant.source_name, "tmp");
    assert_true(grant.writable);
    assert_int_equal(grant.quota_bytes, 16 << 20);
    assert_int_equal(only_grant("dir initrd:/ / ro").source, MANIFEST_SOURCE_INITRD);
}

static void limits(void **state)
{
    struct manifest_grant grant;

    (void)state;
    assert_int_equal(only_grant("memory 64M").value, 64 << 20);
    grant = only_grant("cpu 25");
    assert_int_equal(grant.value, 25);
    assert_int_equal(grant.period_ns, MANIFEST_CPU_PERIOD_NS);
    assert_int_equal(only_grant("cpu 100 period 10").period_ns, 10000000);
    assert_int_equal(only_grant("fuel 5").value, 5);
    assert_int_equal(only_grant("threads 64").value, 64);
    assert_int_equal(only_grant("timeout 1.5").value, 1500000000);
}

static void all_lines(void **state)
{
    struct manifest manifest =
        open_text("# all of it\narg a\narg b\nenv A=1\nenv A=2\nclock\nrandom\n"
                  "dir ram:a /a rw\ndir ram:b /b rw\nmemory 1M\n");
    struct manifest_grant grant;
    unsigned count = 0;

    (void)state;
    while (manifest_next(&manifest, &grant) == MANIFEST_GRANT) {
        count++;
    }
    assert_int_equal(count, 9);
    assert_int_equal(manifest_next(&manifest, &grant), MANIFEST_END);
}

/** The message that @p text ends with. */
static void check_error(const char *text, const char *message)
{
    struct manifest manifest = open_text(text);
    struct manifest_grant grant;
    enum manifest_status status;
    char printed[256];

    do {
        status = manifest_next(&manifest, &grant);
    } while (status == MANIFEST_GRANT);
    assert_int_equal(status, MANIFEST_ERROR);
    manifest_error_print(&manifest, printed, sizeof(printed));
    assert_string_equal(printed, message);
}

/** Bad texts, and the message that each ends with. */
static const struct {
    const char *text;
    const char *message;
} bad_texts[] = {
    {"\nnetwork",
     "line 2: expected name, arg, env, console, clock, random, dir, memory, cpu, "
     "fuel, threads or timeout, not \"network\""},
    {"\"", "line 1: expected a closing \""},
    {"arg", "line 1: expected arg TEXT"},
    {"arg a b", "line 1: expected arg TEXT"},
    {"env A", "line 1: expected NAME=VALUE, not \"A\""},
    {"env =A", "line 1: expected NAME=VALUE, not \"=A\""},
    {"console some", "line 1: expected all, output or none, not \"some\""},
    {"clock wall", "line 1: expected `real` or nothing behind `clock`, not \"wall\""},
    {"clock\nclock", "line 2: expected this grant on one line only, not \"clock\""},
    {"dir /tmp /tmp ro",
     "line 1: expected host:FOLDER, ram:NAME or initrd:FOLDER, not \"/tmp\""},
    {"dir ram: /tmp ro",
     "line 1: expected host:FOLDER, ram:NAME or initrd:FOLDER, not \"ram:\""},
    {"dir ram:a \"\" ro",
     "line 1: expected the directory's name for the program, not \"\""},
    {"dir ram:a /a r", "line 1: expected ro or rw, not \"r\""},
    {"dir initrd:/ / rw", "line 1: expected ro, as the initrd is, not \"rw\""},
    {"dir ram:a /a rw size 1M",
     "line 1: expected `quota SIZE` or nothing more, not \"size\""},
    {"dir ram:a /a rw quota", "line 1: expected a size like 16M behind `quota`"},
    {"dir ram:a /a rw quota 0",
     "line 1: expected a size like 16M behind `quota`, not \"0\""},
    {"dir ram:a /a rw quota x",
     "line 1: expected a size like 16M behind `quota`, not \"x\""},
    {"dir host:/a /a rw quota 1M",
     "line 1: expected a quota for ram: alone, not \"host:/a\""},
    {"memory 1", "line 1: expected a size like 64M, in whole pages of 64K, not \"1\""},
    {"memory 0", "line 1: expected a size like 64M, in whole pages of 64K, not \"0\""},
    {"memory M", "line 1: expected a size like 64M, in whole pages of 64K, not \"M\""},
    {"cpu 0", "line 1: expected 1 to 100 percent, not \"0\""},
    {"cpu 101", "line 1: expected 1 to 100 percent, not \"101\""},
    {"cpu x", "line 1: expected 1 to 100 percent, not \"x\""},
    {"cpu 5 every 5",
     "line 1: expected `period MILLISECONDS` or nothing more, not \"every\""},
    {"cpu 5 period", "line 1: expected 1 to 4000 milliseconds behind `period`"},
    {"cpu 5 period 0",
     "line 1: expected 1 to 4000 milliseconds behind `period`, not \"0\""},
    {"cpu 5 period 4001",
     "line 1: expected 1 to 4000 milliseconds behind `period`, not \"4001\""},
    {"fuel 0", "line 1: expected a number above 0, not \"0\""},
    {"fuel x", "line 1: expected a number above 0, not \"x\""},
    {"threads 0", "line 1: expected 1 to 64 threads, not \"0\""},
    {"threads 65", "line 1: expected 1 to 64 threads, not \"65\""},
    {"threads x", "line 1: expected 1 to 64 threads, not \"x\""},
    {"timeout 0", "line 1: expected seconds, like 10 or 0.5, not \"0\""},
    {"timeout x", "line 1: expected seconds, like 10 or 0.5, not \"x\""},
};

static void errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad_texts) / sizeof(bad_texts[0]); i++) {
        check_error(bad_texts[i].text, bad_texts[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),       cmocka_unit_test(switches),
        cmocka_unit_test(directories), cmocka_unit_test(limits),
        cmocka_unit_test(all_lines),   cmocka_unit_test(errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
