/**
 * print.c - types as text, in the spelling of the text format (spec 6.4).
 */
#include "module/print.h"

#include "core/format.h"
#include "module/module.h"

/** A buffer that text is appended to, cut at its end. */
struct text {
    char *bytes;
    size_t size;
    size_t used; /* without the zero */
};

MN_PRINTF(2, 3)
static void text_append(struct text *text, const char *format, ...)
{
    va_list arguments;
    size_t written;

    va_start(arguments, format);
    written = format_buffer_v(text->bytes + text->used, text->size - text->used, format,
                              arguments);
    va_end(arguments);
    text->used += written;
    if (text->used >= text->size) {
        text->used = text->size > 0 ? text->size - 1 : 0;
    }
}

/** The word of a heap type without an index. */
static const char *heap_text(wasm_type type)
{
    switch (type_kind(type)) {
    case WASM_FUNCREF:
        return "func";
    case WASM_EXTERNREF:
        return "extern";
    default:
        return "exn";
    }
}

static void print_reference(struct text *text, wasm_type type)
{
    if (type_is_concrete(type)) {
        text_append(text, "(ref %s%u)", type_is_defaultable(type) ? "null " : "",
                    type_index(type));
    } else if (type_is_defaultable(type)) {
        text_append(text, "%sref", heap_text(type));
    } else {
        text_append(text, "(ref %s)", heap_text(type));
    }
}

static void print_value_type(struct text *text, wasm_type type)
{
    switch (type) {
    case TYPE_BOTTOM:
        text_append(text, "anything");
        break;
    case TYPE_I32:
        text_append(text, "i32");
        break;
    case TYPE_I64:
        text_append(text, "i64");
        break;
    case TYPE_F32:
        text_append(text, "f32");
        break;
    case TYPE_F64:
        text_append(text, "f64");
        break;
    case TYPE_V128:
        text_append(text, "v128");
        break;
    default:
        print_reference(text, type);
        break;
    }
}

void wasm_type_print(wasm_type type, char *buffer, size_t size)
{
    struct text text = {buffer, size, 0};

    print_value_type(&text, type);
}

static void print_types(struct text *text, const char *word, const wasm_type *types,
                        uint32_t count)
{
    if (count == 0) {
        return;
    }
    text_append(text, " (%s", word);
    for (uint32_t i = 0; i < count; i++) {
        text_append(text, " ");
        print_value_type(text, types[i]);
    }
    text_append(text, ")");
}

static void print_limits(struct text *text, const struct wasm_limits_spec *limits)
{
    text_append(text, "%s%llu", limits->is_64 ? "i64 " : "",
                (unsigned long long)limits->minimum);
    if (limits->has_maximum) {
        text_append(text, " %llu", (unsigned long long)limits->maximum);
    }
}

static void print_function_type(struct text *text, const char *word,
                                const struct wasm_function_type *type)
{
    text_append(text, "(%s", word);
    print_types(text, "param", type->types, type->parameter_count);
    print_types(text, "result", type->types + type->parameter_count,
                type->result_count);
    text_append(text, ")");
}

static void print_global(struct text *text, const struct wasm_global_type *global)
{
    text_append(text, global->is_mutable ? "(global (mut " : "(global ");
    print_value_type(text, global->type);
    text_append(text, global->is_mutable ? "))" : ")");
}

size_t wasm_module_type_print(const struct wasm_module *module,
                              enum wasm_extern_kind kind, uint32_t index, char *buffer,
                              size_t size)
{
    struct text text = {buffer, size, 0};

    switch (kind) {
    case WASM_EXTERN_FUNCTION:
        print_function_type(&text, "func", module_function_type(module, index));
        break;
    case WASM_EXTERN_TABLE:
        text_append(&text, "(table ");
        print_limits(&text, &module->tables[index].limits);
        text_append(&text, " ");
        print_value_type(&text, module->tables[index].element);
        text_append(&text, ")");
        break;
    case WASM_EXTERN_MEMORY:
        text_append(&text, "(memory ");
        print_limits(&text, &module->memories[index]);
        text_append(&text, ")");
        break;
    case WASM_EXTERN_GLOBAL:
        print_global(&text, &module->globals[index]);
        break;
    case WASM_EXTERN_TAG:
        print_function_type(&text, "tag", &module->types[module->tags[index]]);
        break;
    }
    return text.used;
}
