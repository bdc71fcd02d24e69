/**
 * wasi.c - making a program's WASI state, defining its functions, dispatching calls.
 */
#include "wasi/wasi.h"
#include "wasi/context.h"

enum { DESCRIPTORS_DEFAULT = 1024 };

static const struct {
    const char *name;
    const char *signature;
    wasi_handler handler;
} functions[WASI_FUNCTION_COUNT] = {
#define FUNCTION(name, signature) {#name, signature, wasi_##name},
#include "wasi/functions.def"
#undef FUNCTION
};

/* Finds the memory of the instance that calls: the same one nearly always. */
static bool find_memory(struct wasi *wasi, struct wasm_instance *caller)
{
    if (caller == NULL) {
        return false;
    }
    if (caller != wasi->caller) {
        wasi->memory = wasm_instance_memory(caller, "memory");
        wasi->caller = wasi->memory != NULL ? caller : NULL;
    }
    return wasi->memory != NULL;
}

static bool is_refusal(enum wasi_errno error)
{
    return error == WASI_ENOTCAPABLE || error == WASI_EBADF || error == WASI_ENOTSOCK;
}

static void tell_refusal(struct wasi *wasi, const struct wasi_binding *binding,
                         const union wasm_value *arguments, enum wasi_errno error)
{
    uint32_t fd = wasi->asked.path != NULL ? wasi->asked.fd : arguments[0].i32;
    struct wasi_descriptor *descriptor;
    bool is_open =
        wasi_descriptors_find(&wasi->descriptors, fd, 0, &descriptor) == WASI_SUCCESS;
    const struct wasi_refusal refusal = {
        .function = functions[binding - wasi->bindings].name,
        .error = error,
        .fd = fd,
        .preopen_path = is_open ? descriptor->preopen_path : NULL,
        .path = wasi->asked.path,
        .path_size = wasi->asked.path_size,
        .leads_out = wasi->asked.leads_out};

    if (wasi->refused != NULL) {
        wasi->refused(wasi->backend.context, &refusal);
    }
}

static enum wasm_trap_kind dispatch(void *context, struct wasm_instance *caller,
                                    const union wasm_value *arguments,
                                    union wasm_value *results)
{
    const struct wasi_binding *binding = context;
    struct wasi *wasi = binding->wasi;

    if (!find_memory(wasi, caller)) {
        wasm_store_set_message(wasi->store,
                               "WASI: the calling module exports no memory \"memory\"");
        return WASM_TRAP_HOST;
    }
    wasi->asked = (struct wasi_asked){.path = NULL};
    enum wasi_errno error = binding->handler(wasi, arguments);
    if (is_refusal(error)) {
        tell_refusal(wasi, binding, arguments, error);
    }
    if (wasi->has_exited) {
        wasi->has_exited = false;
        wasm_store_set_exit_code(wasi->store, (int32_t)wasi->exit_code);
        return WASM_TRAP_EXIT;
    }
    results[0].i32 = (uint32_t)error;
    return WASM_TRAP_NONE;
}

/* Rights by type; a stream is what cannot seek. */
static uint64_t rights_of(struct wasi *wasi, struct wasi_object *object,
                          enum wasi_filetype filetype)
{
    uint64_t position;

    if (filetype == WASI_FILETYPE_DIRECTORY) {
        return WASI_RIGHTS_DIRECTORY;
    }
    if (filetype == WASI_FILETYPE_CHARACTER_DEVICE ||
        wasi->backend.seek(wasi->backend.context, object, 0, WASI_WHENCE_CUR,
                           &position) != WASI_SUCCESS) {
        return WASI_RIGHTS_STREAM;
    }
    return WASI_RIGHTS_FILE;
}

/* A standard stream has its number: 0 is for reading, 1 and 2 are for writing. */
static enum wasm_status set_standard(struct wasi *wasi, uint32_t fd,
                                     struct wasi_object *object)
{
    uint64_t dropped = fd == 0 ? WASI_RIGHT_FD_WRITE : WASI_RIGHT_FD_READ;
    struct wasi_stat stat;

    if (object == NULL) {
        return WASM_OK;
    }
    if (wasi->backend.stat(wasi->backend.context, object, &stat) != WASI_SUCCESS) {
        return WASM_BAD_ARGUMENT;
    }
    struct wasi_descriptor descriptor = {
        .object = object,
        .filetype = stat.filetype,
        .rights_base = rights_of(wasi, object, stat.filetype) & ~dropped};
    wasi_descriptors_set(&wasi->descriptors, fd, &descriptor);
    return WASM_OK;
}

static enum wasm_status set_preopen(struct wasi *wasi, uint32_t fd,
                                    const struct wasi_preopen *preopen)
{
    uint64_t removed = preopen->has_no_rights  ? UINT64_MAX
                       : preopen->is_read_only ? WASI_RIGHTS_WRITING
                                               : 0;
    size_t length = strlen(preopen->guest_path);

    if (length == 0 || length >= UINT32_MAX) {
        return WASM_BAD_ARGUMENT;
    }
    char *path = wasi->platform.allocate(wasi->platform.context, length + 1);
    if (path == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    memcpy(path, preopen->guest_path, length + 1);
    struct wasi_descriptor descriptor = {
        .object = preopen->directory,
        .filetype = WASI_FILETYPE_DIRECTORY,
        .rights_base = WASI_RIGHTS_DIRECTORY & ~removed,
        /* NOLINTNEXTLINE(misc-redundant-expression): the two sets overlap */
        .rights_inheriting = (WASI_RIGHTS_DIRECTORY | WASI_RIGHTS_FILE) & ~removed,
        .preopen_path = path,
        .preopen_size = (uint32_t)length};
    wasi_descriptors_set(&wasi->descriptors, fd, &descriptor);
    return WASM_OK;
}

/* Numbers 0 to 2 stay closed where there is no stream: preopens begin at 3. */
static enum wasm_status fill_table(struct wasi *wasi, const struct wasi_config *config)
{
    uint32_t preopen_count = (uint32_t)config->preopen_count;

    if (config->preopen_count > UINT32_MAX - 3 ||
        wasi_descriptors_reserve(&wasi->descriptors, 3 + preopen_count) !=
            WASI_SUCCESS) {
        return WASM_OUT_OF_MEMORY;
    }
    for (uint32_t i = 0; i < 3; i++) {
        enum wasm_status status = set_standard(wasi, i, config->standard[i]);
        if (status != WASM_OK) {
            return status;
        }
    }
    for (uint32_t i = 0; i < preopen_count; i++) {
        enum wasm_status status = set_preopen(wasi, 3 + i, &config->preopens[i]);
        if (status != WASM_OK) {
            return status;
        }
    }
    return WASM_OK;
}

/* On failure the objects stay the caller's: they are taken out of the table unclosed. */
static void give_back(struct wasi *wasi)
{
    for (uint32_t fd = 0; fd < wasi->descriptors.capacity; fd++) {
        struct wasi_descriptor *entry = &wasi->descriptors.entries[fd];
        if (entry->preopen_path != NULL) {
            wasi->platform.release(wasi->platform.context, entry->preopen_path,
                                   (size_t)entry->preopen_size + 1);
        }
        entry->object = NULL;
    }
}

enum wasm_status wasi_create(const struct wasi_config *config, struct wasi **out_wasi)
{
    struct wasi *wasi =
        config->platform.allocate(config->platform.context, sizeof(*wasi));

    if (wasi == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    *wasi = (struct wasi){.backend = config->backend,
                          .platform = config->platform,
                          .refused = config->refused,
                          .arguments = config->arguments,
                          .argument_count = config->argument_count,
                          .environment = config->environment,
                          .environment_count = config->environment_count};
    for (uint32_t i = 0; i < WASI_FUNCTION_COUNT; i++) {
        wasi->bindings[i] =
            (struct wasi_binding){.wasi = wasi, .handler = functions[i].handler};
    }
    wasi_descriptors_init(
        &wasi->descriptors,
        config->descriptors_max != 0 ? config->descriptors_max : DESCRIPTORS_DEFAULT,
        &wasi->backend, &wasi->platform);
    enum wasm_status status = fill_table(wasi, config);
    if (status != WASM_OK) {
        give_back(wasi);
        wasi_release(wasi);
        return status;
    }
    *out_wasi = wasi;
    return WASM_OK;
}

void wasi_release(struct wasi *wasi)
{
    if (wasi == NULL) {
        return;
    }
    struct wasm_platform platform = wasi->platform;
    wasi_descriptors_release(&wasi->descriptors);
    platform.release(platform.context, wasi, sizeof(*wasi));
}

enum wasm_status wasi_define(struct wasi *wasi, struct wasm_store *store,
                             struct wasm_linker *linker)
{
    wasi->store = store;
    for (uint32_t i = 0; i < WASI_FUNCTION_COUNT; i++) {
        enum wasm_status status = wasm_linker_define_function(
            linker, "wasi_snapshot_preview1", functions[i].name, functions[i].signature,
            dispatch, &wasi->bindings[i]);
        if (status != WASM_OK) {
            return status;
        }
    }
    return WASM_OK;
}
