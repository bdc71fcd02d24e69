/**
 * error.c - see error.h and wasm.h: statuses, sections and errors as text.
 */
#include "module/error.h"

#include "core/format.h"

const char *wasm_status_text(enum wasm_status status)
{
    static const char *const texts[] = {
        [WASM_OK] = "no error",
        [WASM_OUT_OF_MEMORY] = "out of memory",
        [WASM_MALFORMED] = "malformed module",
        [WASM_INVALID] = "invalid module",
        [WASM_UNSUPPORTED] = "unsupported",
        [WASM_TOO_LARGE] = "beyond a limit of this engine",
        [WASM_UNLINKABLE] = "cannot be linked",
        [WASM_TRAPPED] = "trapped while instantiating",
        [WASM_NOT_FOUND] = "not found",
        [WASM_BAD_ARGUMENT] = "bad argument",
    };

    return (size_t)status < sizeof(texts) / sizeof(texts[0]) ? texts[status]
                                                             : "unknown status";
}

const char *wasm_section_text(enum wasm_section section)
{
    static const char *const texts[] = {
        [WASM_SECTION_CUSTOM] = "custom",
        [WASM_SECTION_TYPE] = "type",
        [WASM_SECTION_IMPORT] = "import",
        [WASM_SECTION_FUNCTION] = "function",
        [WASM_SECTION_TABLE] = "table",
        [WASM_SECTION_MEMORY] = "memory",
        [WASM_SECTION_GLOBAL] = "global",
        [WASM_SECTION_EXPORT] = "export",
        [WASM_SECTION_START] = "start",
        [WASM_SECTION_ELEMENT] = "element",
        [WASM_SECTION_CODE] = "code",
        [WASM_SECTION_DATA] = "data",
        [WASM_SECTION_DATA_COUNT] = "data count",
        [WASM_SECTION_TAG] = "tag",
        [WASM_SECTION_HEADER] = "header",
        [WASM_SECTION_NONE] = "none",
    };

    return (size_t)section < sizeof(texts) / sizeof(texts[0]) ? texts[section]
                                                              : "unknown";
}

const char *wasm_feature_text(enum wasm_feature feature)
{
    static const char *const texts[] = {
        "sign extension",
        "saturating conversions",
        "multiple values",
        "bulk memory",
        "reference types",
        "SIMD",
        "relaxed SIMD",
        "tail calls",
        "extended constants",
        "exception handling",
        "legacy exceptions",
        "typed function references",
        "multiple memories",
        "memory64",
        "recursive types",
        "garbage collection",
        "threads",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if ((uint32_t)feature == 1u << i) {
            return texts[i];
        }
    }
    return "unknown proposal";
}

const char *wasm_extern_kind_text(enum wasm_extern_kind kind)
{
    static const char *const texts[] = {
        [WASM_EXTERN_FUNCTION] = "function", [WASM_EXTERN_TABLE] = "table",
        [WASM_EXTERN_MEMORY] = "memory",     [WASM_EXTERN_GLOBAL] = "global",
        [WASM_EXTERN_TAG] = "tag",
    };

    return (size_t)kind < sizeof(texts) / sizeof(texts[0]) ? texts[kind] : "unknown";
}

void wasm_error_set(struct wasm_error *error, enum wasm_status status,
                    struct wasm_place place, const char *format, ...)
{
    va_list arguments;

    if (error == NULL) {
        return;
    }
    error->status = status;
    error->section = place.section;
    error->function = place.function;
    error->offset = place.offset;
    va_start(arguments, format);
    format_buffer_v(error->message, sizeof(error->message), format, arguments);
    va_end(arguments);
}

size_t wasm_error_print(const struct wasm_error *error,
                        const struct wasm_module *module, char *buffer, size_t size)
{
    struct wasm_name name = {NULL, 0};
    size_t written;

    if (error->section == WASM_SECTION_NONE) {
        written = format_buffer(buffer, size, "%s: %s", wasm_status_text(error->status),
                                error->message);
    } else if (error->function == WASM_NO_INDEX) {
        written = format_buffer(buffer, size, "%s: section %s, offset 0x%llx: %s",
                                wasm_status_text(error->status),
                                wasm_section_text(error->section),
                                (unsigned long long)error->offset, error->message);
    } else {
        if (module != NULL) {
            name = wasm_module_function_name(module, error->function);
        }
        written = format_buffer(
            buffer, size, "%s: section %s, function %u%s%.*s, offset 0x%llx: %s",
            wasm_status_text(error->status), wasm_section_text(error->section),
            error->function, name.size == 0 ? "" : " ", (int)name.size, name.bytes,
            (unsigned long long)error->offset, error->message);
    }
    return written < size ? written : size - (size > 0);
}
