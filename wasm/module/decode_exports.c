/**
 * decode_exports.c - the export section (spec 5.5.10) and finding an export by name.
 *
 * Names are kept in a sorted order, by heap sort: no module can make it slow, two equal names
 * become neighbours, and lookup is a binary search.
 */
#include "module/decode.h"

#include "module/allocate.h"

/** Below 0, 0 or above 0 as @p left sorts before, with or after @p right. */
static int compare_names(const uint8_t *left, uint32_t left_size, const uint8_t *right,
                         uint32_t right_size)
{
    int order = memcmp(left, right, left_size < right_size ? left_size : right_size);

    if (order != 0) {
        return order;
    }
    return (left_size > right_size) - (left_size < right_size);
}

static int compare_exports(const struct wasm_module *module, uint32_t a, uint32_t b)
{
    struct wasm_span left = module->exports[a].name;
    struct wasm_span right = module->exports[b].name;

    return compare_names(module_bytes(module, left), left.size,
                         module_bytes(module, right), right.size);
}

/** Lets the entry at @p root sink until the heap of @p count entries is one again. */
static void sift_down(struct wasm_module *module, uint32_t root, uint32_t count)
{
    uint32_t *order = module->export_order;
    uint64_t child;

    while ((child = 2 * (uint64_t)root + 1) < count) {
        uint32_t moved = order[root];

        if (child + 1 < count &&
            compare_exports(module, order[child], order[child + 1]) < 0) {
            child++;
        }
        if (compare_exports(module, moved, order[child]) >= 0) {
            return;
        }
        order[root] = order[child];
        order[child] = moved;
        root = (uint32_t)child;
    }
}

static void sort_exports(struct wasm_module *module)
{
    uint32_t *order = module->export_order;

    for (uint32_t i = 0; i < module->export_count; i++) {
        order[i] = i;
    }
    for (uint32_t i = module->export_count / 2; i > 0; i--) {
        sift_down(module, i - 1, module->export_count);
    }
    for (uint32_t end = module->export_count; end > 1; end--) {
        uint32_t largest = order[0];

        order[0] = order[end - 1];
        order[end - 1] = largest;
        sift_down(module, 0, end - 1);
    }
}

static bool decode_export(struct wasm_decoder *decoder,
                          struct wasm_export_entry *export)
{
    struct wasm_module *module = decoder->module;
    const uint32_t limits[] = {module->function_count, module->table_count,
                               module->memory_count, module->global_count,
                               module->tag_count};
    uint8_t kind;

    if (!wasm_decode_name(decoder, "export name", &export->name) ||
        !wasm_decode_byte(decoder, "export kind", &kind)) {
        return false;
    }
    if (kind > WASM_EXTERN_TAG) {
        return wasm_decode_fail(decoder, WASM_MALFORMED, "malformed export kind %u",
                                kind);
    }
    export->kind = kind;
    if (!wasm_decode_index(decoder, wasm_extern_kind_text((enum wasm_extern_kind)kind),
                           limits[kind], &export->index)) {
        return false;
    }
    return kind != WASM_EXTERN_FUNCTION ||
           wasm_decode_declare_function(decoder, export->index);
}

static bool check_unique(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;
    const uint32_t *order = module->export_order;

    for (uint32_t i = 1; i < module->export_count; i++) {
        if (compare_exports(module, order[i - 1], order[i]) == 0) {
            struct wasm_span name = module->exports[order[i]].name;

            return wasm_decode_fail(decoder, WASM_INVALID,
                                    "duplicate export name \"%.*s\"", (int)name.size,
                                    (const char *)module_bytes(module, name));
        }
    }
    return true;
}

bool wasm_decode_export_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;
    uint32_t count;

    if (!wasm_decode_count(decoder, "exports", &count)) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    module->export_capacity = count;
    module->exports = wasm_allocate(decoder->platform, count, sizeof(*module->exports));
    module->export_order =
        wasm_allocate(decoder->platform, count, sizeof(*module->export_order));
    if (module->exports == NULL || module->export_order == NULL) {
        return wasm_decode_no_memory(decoder, "exports");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!decode_export(decoder, &module->exports[i])) {
            return false;
        }
        module->export_count = i + 1;
    }
    sort_exports(module);
    return check_unique(decoder);
}

const struct wasm_export_entry *
wasm_module_find_export(const struct wasm_module *module, struct wasm_name name)
{
    uint32_t low = 0;
    uint32_t high = module->export_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct wasm_export_entry *export =
            &module->exports[module->export_order[middle]];
        int order =
            compare_names((const uint8_t *)name.bytes, name.size,
                          module_bytes(module, export->name), export->name.size);

        if (order == 0) {
            return export;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}
