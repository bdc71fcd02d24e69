/**
 * spec_assert.c - actions (calls, globals) and the assertions about what they give.
 */
#include "spec_state.h"
#include <string.h>

/* What an action gave: a trap, or results of the kinds of `function`, or of a global. */
struct action_result {
    enum wasm_trap_kind trap;
    uint32_t count;
    struct typed_value *values; /* count of them */
};

static enum outcome parse_arguments(struct run *run, const struct json_node *action,
                                    struct wasm_function *function)
{
    const struct json_node *list = json_member(action, "args");
    uint32_t count = 0;

    for (const struct json_node *i = list != NULL ? list->first : NULL; i != NULL;
         i = i->next, count++) {
        if (count >= SPEC_VALUES_MAX || !spec_value_parse(i, &run->arguments[count])) {
            return spec_report(run, FAILED, "argument %u is not understood", count);
        }
    }
    if (count != wasm_function_parameter_count(function) ||
        wasm_function_result_count(function) > SPEC_VALUES_MAX) {
        return spec_report(run, FAILED, "%u arguments, the function takes %u", count,
                           wasm_function_parameter_count(function));
    }
    return PASSED;
}

static enum outcome invoke(struct run *run, const struct json_node *action,
                           struct wasm_function *function,
                           struct action_result *out_result)
{
    enum outcome outcome = parse_arguments(run, action, function);

    if (outcome != PASSED) {
        return outcome;
    }
    out_result->trap = wasm_call(run->store, function, run->arguments, run->results);
    out_result->count = 0;
    if (out_result->trap == WASM_TRAP_NONE) {
        out_result->count = wasm_function_result_count(function);
    }
    for (uint32_t i = 0; i < out_result->count; i++) {
        run->values[i] = (struct typed_value){.kind = wasm_function_result(function, i),
                                              .value = run->results[i]};
    }
    out_result->values = run->values;
    return PASSED;
}

static enum outcome get_global(struct run *run, struct wasm_global *global,
                               struct action_result *out_result)
{
    run->values[0] = (struct typed_value){.kind = wasm_global_kind(global),
                                          .value = wasm_global_get(global)};
    *out_result = (struct action_result){
        .trap = WASM_TRAP_NONE, .count = 1, .values = run->values};
    return PASSED;
}

static enum outcome act(struct run *run, const struct json_node *command,
                        struct action_result *out_result)
{
    const struct json_node *action = json_member(command, "action");
    const struct json_node *field = json_member(action, "field");
    const char *type = json_text(action, "type");
    struct wasm_extern found;
    enum outcome outcome;

    if (type == NULL || field == NULL || field->text == NULL) {
        return spec_report(run, FAILED, "an action without type or field");
    }
    struct loaded *loaded = spec_target(run, json_text(action, "module"), &outcome);
    if (loaded == NULL) {
        return outcome;
    }
    struct wasm_name name = {.bytes = field->text, .size = (uint32_t)field->size};
    if (wasm_instance_export(loaded->instance, name, &found) != WASM_OK) {
        return spec_report(run, FAILED, "no export \"%s\"", field->text);
    }
    if (strcmp(type, "invoke") == 0 && found.kind == WASM_EXTERN_FUNCTION) {
        return invoke(run, action, found.function, out_result);
    }
    if (strcmp(type, "get") == 0 && found.kind == WASM_EXTERN_GLOBAL) {
        return get_global(run, found.global, out_result);
    }
    return spec_report(run, FAILED, "\"%s\" is no target of %s", field->text, type);
}

enum outcome spec_action(struct run *run, const struct json_node *command)
{
    struct action_result result = {0};
    enum outcome outcome = act(run, command, &result);

    if (outcome == PASSED && result.trap != WASM_TRAP_NONE) {
        return spec_report(run, FAILED, "trapped: %s", wasm_trap_text(result.trap));
    }
    return outcome;
}

/* --- assertions --- */

/** Are the results those of the list, one by one? */
static enum outcome match_results(struct run *run, const struct json_node *list,
                                  const struct action_result *result)
{
    uint32_t index = 0;
    char text[128];

    for (const struct json_node *i = list != NULL ? list->first : NULL; i != NULL;
         i = i->next, index++) {
        if (index >= result->count) {
            return spec_report(run, FAILED, "only %u results", result->count);
        }
        if (!spec_value_matches(i, &result->values[index])) {
            spec_value_print(&result->values[index], text, sizeof(text));
            return spec_report(
                run, FAILED, "result %u is %s; expected type %s value %s", index, text,
                json_text(i, "type"),
                json_text(i, "value") != NULL ? json_text(i, "value") : "?");
        }
    }
    if (index != result->count) {
        return spec_report(run, FAILED, "%u results, %u expected", result->count,
                           index);
    }
    return PASSED;
}

enum outcome spec_assert_return(struct run *run, const struct json_node *command)
{
    const struct json_node *either = json_member(command, "either"); /* wabt's way */
    struct action_result result = {0};
    enum outcome outcome = act(run, command, &result);

    if (outcome != PASSED) {
        return outcome;
    }
    if (result.trap != WASM_TRAP_NONE) {
        return spec_report(run, FAILED, "trapped: %s", wasm_trap_text(result.trap));
    }
    if (either != NULL) {
        return result.count == 1 && spec_value_matches_any(either, &result.values[0])
                   ? PASSED
                   : spec_report(run, FAILED, "the result is none of the allowed ones");
    }
    return match_results(run, json_member(command, "expected"), &result);
}

/*
 * Texts match when one begins with the other: the suite adds details ("uninitialized element 7"). Versions
 * of the suite name some traps differently; both names are listed here.
 */
static bool trap_text_matches(enum wasm_trap_kind kind, const char *expected)
{
    static const struct {
        const char *expected;
        enum wasm_trap_kind kind;
    } aliases[] = {{"undefined", WASM_TRAP_UNDEFINED_ELEMENT},
                   {"indirect call", WASM_TRAP_INDIRECT_CALL_TYPE},
                   {"null reference", WASM_TRAP_NULL_FUNCTION_REFERENCE},
                   {"null reference", WASM_TRAP_NULL_EXCEPTION_REFERENCE},
                   {"null function reference", WASM_TRAP_NULL_REFERENCE},
                   {"null exception reference", WASM_TRAP_NULL_REFERENCE},
                   {"data segment does not fit", WASM_TRAP_MEMORY_OUT_OF_BOUNDS},
                   {"elements segment does not fit", WASM_TRAP_TABLE_OUT_OF_BOUNDS}};
    const char *text = wasm_trap_text(kind);
    size_t length = strlen(text);

    if (strncmp(text, expected, length) == 0 ||
        strncmp(text, expected, strlen(expected)) == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (kind == aliases[i].kind &&
            strncmp(expected, aliases[i].expected, strlen(aliases[i].expected)) == 0) {
            return true;
        }
    }
    return false;
}

static enum outcome judge_trap(struct run *run, const struct json_node *command,
                               enum wasm_trap_kind kind)
{
    const char *expected = json_text(command, "text");

    if (kind == WASM_TRAP_NONE) {
        return spec_report(run, FAILED, "no trap; expected: %s",
                           expected != NULL ? expected : "one");
    }
    if (kind == WASM_TRAP_EXCEPTION || expected == NULL ||
        !trap_text_matches(kind, expected)) {
        return spec_report(run, FAILED, "trap: %s; expected: %s", wasm_trap_text(kind),
                           expected != NULL ? expected : "a text");
    }
    return PASSED;
}

enum outcome spec_assert_trap(struct run *run, const struct json_node *command)
{
    struct action_result result = {0};
    enum outcome outcome = act(run, command, &result);

    return outcome == PASSED ? judge_trap(run, command, result.trap) : outcome;
}

enum outcome spec_assert_exhaustion(struct run *run, const struct json_node *command)
{
    struct action_result result = {0};
    enum outcome outcome = act(run, command, &result);

    if (outcome == PASSED && result.trap != WASM_TRAP_STACK_EXHAUSTED) {
        return spec_report(run, FAILED, "stack not exhausted: %s",
                           wasm_trap_text(result.trap));
    }
    return outcome;
}

enum outcome spec_assert_exception(struct run *run, const struct json_node *command)
{
    struct action_result result = {0};
    enum outcome outcome = act(run, command, &result);

    if (outcome == PASSED && result.trap != WASM_TRAP_EXCEPTION) {
        return spec_report(run, FAILED, "no exception: %s",
                           wasm_trap_text(result.trap));
    }
    return outcome;
}

static bool is_segment_text(const char *text)
{
    return text != NULL && strstr(text, "segment does not fit") != NULL;
}

/* In WebAssembly 1.0 a segment that does not fit is a linking error, since then a trap. */
enum outcome spec_assert_unlinkable(struct run *run, const struct json_node *command)
{
    struct wasm_error error;
    enum wasm_status status = WASM_OK;
    enum outcome outcome = spec_try_instantiate(run, command, &status, &error);

    if (outcome != PASSED || status == WASM_UNLINKABLE) {
        return outcome;
    }
    if (status == WASM_TRAPPED && is_segment_text(json_text(command, "text"))) {
        return judge_trap(run, command, wasm_store_trap(run->store)->kind);
    }
    return spec_report(
        run, FAILED, "%s; expected not linkable: %s",
        status == WASM_OK ? "linked" : wasm_status_text(status),
        json_text(command, "text") != NULL ? json_text(command, "text") : "");
}

enum outcome spec_assert_uninstantiable(struct run *run,
                                        const struct json_node *command)
{
    struct wasm_error error;
    char text[448];
    enum wasm_status status = WASM_OK;
    enum outcome outcome = spec_try_instantiate(run, command, &status, &error);

    if (outcome != PASSED) {
        return outcome;
    }
    if (status == WASM_OK) {
        return spec_report(run, FAILED, "instantiated; expected a trap");
    }
    if (status != WASM_TRAPPED) {
        spec_describe(&error, text, sizeof(text));
        return spec_report(run, FAILED, "%s", text);
    }
    return judge_trap(run, command, wasm_store_trap(run->store)->kind);
}
