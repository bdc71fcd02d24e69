/**
 * exception.c - see exception.h: a mark-and-sweep collector without recursion.
 *
 * All exceptions go into an array sorted by address; a word is a reference when binary search
 * finds it there. Marked exceptions whose values were not looked at yet wait in the
 * array's second half.
 */
#include "runtime/exception.h"

#include "core/bytes.h"
#include "module/allocate.h"

/** The exceptions of a store during a collection. */
struct collection {
    struct wasm_exception **sorted;  /* by address */
    struct wasm_exception **pending; /* marked, values not looked at */
    size_t count;
    size_t pending_count;
};

static size_t exception_size(const struct wasm_exception *exception)
{
    return sizeof(*exception) + exception->slot_count * sizeof(exception->slots[0]);
}

/** Lets @p array[@p root] sink in a heap ordered by address. */
static void sift_down(struct wasm_exception **array, size_t root, size_t count)
{
    size_t child;

    while ((child = 2 * root + 1) < count) {
        struct wasm_exception *moved = array[root];

        if (child + 1 < count &&
            (uintptr_t)array[child] < (uintptr_t)array[child + 1]) {
            child++;
        }
        if ((uintptr_t)moved >= (uintptr_t)array[child]) {
            return;
        }
        array[root] = array[child];
        array[child] = moved;
        root = child;
    }
}

static void sort(struct wasm_exception **array, size_t count)
{
    for (size_t i = count / 2; i > 0; i--) {
        sift_down(array, i - 1, count);
    }
    for (size_t end = count; end > 1; end--) {
        struct wasm_exception *largest = array[0];

        array[0] = array[end - 1];
        array[end - 1] = largest;
        sift_down(array, 0, end - 1);
    }
}

static void mark_word(struct collection *collection, uint64_t word)
{
    size_t low = 0;
    size_t high = collection->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct wasm_exception *exception = collection->sorted[middle];

        if (word == (uintptr_t)exception) {
            if (!exception->is_marked) {
                exception->is_marked = true;
                collection->pending[collection->pending_count++] = exception;
            }
            return;
        }
        if (word < (uintptr_t)exception) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
}

static void mark_words(void *context, const uint64_t *words, size_t count)
{
    struct collection *collection = context;

    for (size_t i = 0; i < count; i++) {
        mark_word(collection, words[i]);
    }
}

static void mark_global(struct collection *collection, const struct wasm_global *global)
{
    if (type_kind(global->type) == WASM_EXNREF) {
        mark_word(collection, global->value.ref);
    }
}

static void mark_roots(struct wasm_store *store, struct collection *collection)
{
    mark_word(collection, (uintptr_t)store->exception);
    for (const struct wasm_global *g = store->globals; g != NULL; g = g->next) {
        mark_global(collection, g);
    }
    for (const struct wasm_table *t = store->tables; t != NULL; t = t->next) {
        if (type_kind(t->element) == WASM_EXNREF) {
            mark_words(collection, t->elements, t->size);
        }
    }
    for (const struct wasm_instance *i = store->instances; i != NULL; i = i->next) {
        const struct wasm_module *module = i->module;

        for (uint32_t g = module->imported_globals; g < module->global_count; g++) {
            mark_global(collection, i->globals[g]);
        }
    }
    store->executor->visit_stack(store, mark_words, collection);
}

static void sweep(struct wasm_store *store)
{
    struct wasm_exception **link = &store->exceptions;

    while (*link != NULL) {
        struct wasm_exception *exception = *link;

        if (exception->is_marked) {
            exception->is_marked = false;
            link = &exception->next;
        } else {
            *link = exception->next;
            store->exception_words -= exception_size(exception) / sizeof(uint64_t);
            wasm_release(store_platform(store), exception, 1,
                         exception_size(exception));
        }
    }
}

void wasm_exception_collect(struct wasm_store *store)
{
    struct collection collection = {0};
    size_t count = 0;

    for (struct wasm_exception *e = store->exceptions; e != NULL; e = e->next) {
        count++;
    }
    collection.sorted = wasm_allocate(store_platform(store), count,
                                      2 * sizeof(struct wasm_exception *));
    if (collection.sorted == NULL) {
        return; /* no memory to find garbage with: nothing is released */
    }
    collection.pending = collection.sorted + count;
    for (struct wasm_exception *e = store->exceptions; e != NULL; e = e->next) {
        collection.sorted[collection.count++] = e;
    }
    sort(collection.sorted, count);
    mark_roots(store, &collection);
    while (collection.pending_count > 0) {
        struct wasm_exception *exception =
            collection.pending[--collection.pending_count];

        mark_words(&collection, exception->slots, exception->slot_count);
    }
    sweep(store);
    wasm_release(store_platform(store), collection.sorted, count,
                 2 * sizeof(struct wasm_exception *));
}

struct wasm_exception *wasm_exception_create(struct wasm_store *store,
                                             struct wasm_tag *tag,
                                             const uint64_t *slots)
{
    uint32_t count = tag->type->parameter_slots;
    size_t size = sizeof(struct wasm_exception) + count * sizeof(uint64_t);
    struct wasm_exception *exception;

    if (store->exception_words >= store->collect_threshold) {
        wasm_exception_collect(store);
        /* The next collection comes when as much again was made as is alive. */
        if (store->exception_words > store->collect_threshold / 2) {
            store->collect_threshold = 2 * store->exception_words;
        }
    }
    exception = wasm_allocate(store_platform(store), 1, size);
    if (exception == NULL) {
        return NULL;
    }
    exception->tag = tag;
    exception->slot_count = count;
    exception->is_marked = false;
    if (count > 0) {
        memcpy(exception->slots, slots, count * sizeof(*slots));
    }
    exception->next = store->exceptions;
    store->exceptions = exception;
    store->exception_words += size / sizeof(uint64_t);
    return exception;
}

void wasm_exceptions_release(struct wasm_store *store)
{
    while (store->exceptions != NULL) {
        struct wasm_exception *exception = store->exceptions;

        store->exceptions = exception->next;
        wasm_release(store_platform(store), exception, 1, exception_size(exception));
    }
}

struct wasm_tag *wasm_exception_tag(const struct wasm_exception *exception)
{
    return exception->tag;
}

enum wasm_status wasm_exception_value(const struct wasm_exception *exception,
                                      uint32_t index, union wasm_value *out_value)
{
    const struct wasm_function_type *type = exception->tag->type;
    const uint64_t *slot = exception->slots;

    if (index >= type->parameter_count) {
        return WASM_NOT_FOUND;
    }
    for (uint32_t i = 0; i < index; i++) {
        slot += type_slots(type->types[i]);
    }
    out_value->v128[0] = slot[0];
    out_value->v128[1] = type->types[index] == TYPE_V128 ? slot[1] : 0;
    return WASM_OK;
}

enum wasm_status wasm_store_throw(struct wasm_store *store, struct wasm_tag *tag,
                                  const union wasm_value *values)
{
    const struct wasm_function_type *type = tag->type;
    uint32_t count = type->parameter_slots;
    uint64_t *slots = wasm_allocate(store_platform(store), count, sizeof(*slots));
    struct wasm_exception *exception;
    uint64_t *slot = slots;

    if (count > 0 && slots == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    for (uint32_t i = 0; i < type->parameter_count; i++) {
        bool is_short = type->types[i] == TYPE_I32 || type->types[i] == TYPE_F32;

        *slot++ = is_short ? values[i].i32 : values[i].i64;
        if (type->types[i] == TYPE_V128) {
            *slot++ = values[i].v128[1];
        }
    }
    exception = wasm_exception_create(store, tag, slots);
    wasm_release(store_platform(store), slots, count, sizeof(*slots));
    if (exception == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    store->exception = exception;
    return WASM_OK;
}
