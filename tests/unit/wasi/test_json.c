/**
 * test_json.c - the JSON parser of `mnos-wasm spec`: values, escapes, and what it refuses.
 */
#include "json.h"
#include "unit.h"

static struct json_document *parse(const char *text)
{
    const char *message = NULL;
    size_t offset = 0;
    char *copy =
        unit_exact_copy(text, strlen(text)); /* not one byte is read behind it */
    struct json_document *document = json_parse(copy, strlen(text), &message, &offset);

    free(copy); /* the document has its own copies */
    if (document == NULL) {
        assert_non_null(message);
        assert_true(offset <= strlen(text));
    }
    return document;
}

static void test_values(void **state)
{
    (void)state;
    struct json_document *document = parse(
        " {\"a\": [1, -2.5e3, true, false, null], \"b\": {\"c\": \"d\"}, \"e\": []} ");
    assert_non_null(document);
    const struct json_node *root = json_root(document);
    const struct json_node *a = json_member(root, "a");
    assert_int_equal(a->kind, JSON_ARRAY);
    assert_string_equal(a->first->text, "1");
    assert_string_equal(a->first->next->text, "-2.5e3");
    assert_int_equal(a->first->next->next->kind, JSON_TRUE);
    assert_int_equal(a->first->next->next->next->kind, JSON_FALSE);
    assert_int_equal(a->first->next->next->next->next->kind, JSON_NULL);
    assert_null(a->first->next->next->next->next->next);
    assert_string_equal(json_text(json_member(root, "b"), "c"), "d");
    assert_null(json_member(root, "e")->first);
    assert_null(json_member(root, "x"));
    assert_null(json_member(a, "x"));
    assert_null(json_text(root, "b"));
    json_release(document);
}

static void test_escapes(void **state)
{
    (void)state;
    struct json_document *document = parse(
        "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\", \"\\u0000x\"]");
    assert_non_null(document);
    const struct json_node *text = json_root(document)->first;
    assert_string_equal(text->text, "\"\\/\b\f\n\r\t");
    assert_string_equal(text->next->text, "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_int_equal(text->next->next->size, 2);
    assert_memory_equal(text->next->next->text, "\0x", 3);
    json_release(document);
}

static void test_refused(void **state)
{
    static const char *const texts[] = {"",
                                        " ",
                                        "{",
                                        "[",
                                        "[1",
                                        "[1,",
                                        "[1,]",
                                        "[,1]",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "{\"a\":1,}",
                                        "{a:1}",
                                        "\"a",
                                        "\"\\",
                                        "\"\\u12",
                                        "\"\\x\"",
                                        "\"\\ud800\\u0041\"",
                                        "\"a\nb\"",
                                        "[1] 2",
                                        "nul",
                                        "tru",
                                        "]",
                                        "}",
                                        "[1}",
                                        "{\"a\":1]",
                                        "\"\\u",
                                        "[\"a\" 1]"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_null(parse(texts[i]));
    }
}

static void test_nesting_is_bounded(void **state)
{
    char text[2 * JSON_DEPTH_MAX + 3];

    (void)state;
    memset(text, '[', JSON_DEPTH_MAX);
    memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    text[2 * JSON_DEPTH_MAX] = '\0';
    struct json_document *document = parse(text);
    assert_non_null(document);
    json_release(document);
    memset(text, '[', JSON_DEPTH_MAX + 1);
    memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    text[2 * JSON_DEPTH_MAX + 2] = '\0';
    assert_null(parse(text));
}

/* Every prefix of a document is refused, and none is read behind its end. */
static void test_prefixes(void **state)
{
    static const char text[] =
        "{\"k\": [\"\\u0041\\n\", 12, {\"x\": null}], \"y\": true}";
    char prefix[sizeof(text)];

    (void)state;
    for (size_t size = 0; size + 1 < sizeof(text); size++) {
        memcpy(prefix, text, size);
        prefix[size] = '\0';
        assert_null(parse(prefix));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values), cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_nesting_is_bounded),
        cmocka_unit_test(test_prefixes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
