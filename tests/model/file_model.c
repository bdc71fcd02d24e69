/**
 * file_model.c - requests about open objects, on both sides, and the run of a model; see file_model.h.
 */
#include "model/file_model.h"
#include "model/file_model_state.h"

static enum file_status expect_open(struct model *model, int open, int name,
                                    uint32_t flags, int *out_object)
{
    enum file_status status;
    int found = model_look(model, open, name, &status);

    if (status == FILE_NO_ENTRY && (flags & FILE_OPEN_CREATE) != 0) {
        if (model_object_of(model, open)->links == 0) {
            return FILE_NO_ENTRY;
        }
        *out_object = model_make_object(model, FILE_TYPE_FILE);
        require(*out_object != NOTHING);
        model->objects[*out_object].links = 1;
        model_set_entry(model, model->open[open].object, name, *out_object);
        return FILE_OK;
    }
    if (status != FILE_OK) {
        return status;
    }
    if ((flags & FILE_OPEN_EXCLUSIVE) != 0) {
        return FILE_EXISTS;
    }
    struct object *object = &model->objects[found];
    if (object->type == FILE_TYPE_LINK) {
        return FILE_IS_LINK;
    }
    if (object->type == FILE_TYPE_DIRECTORY &&
        (flags & (FILE_OPEN_WRITE | FILE_OPEN_CREATE | FILE_OPEN_TRUNCATE)) != 0) {
        return FILE_IS_DIRECTORY;
    }
    if (object->type == FILE_TYPE_FILE && (flags & FILE_OPEN_DIRECTORY) != 0) {
        return FILE_NOT_DIRECTORY;
    }
    if ((flags & FILE_OPEN_TRUNCATE) != 0) {
        object->size = 0;
    }
    *out_object = found;
    return FILE_OK;
}

static int free_open(const struct model *model)
{
    for (int i = 1; i < HANDLES; i++) {
        if (model->open[i].object == NOTHING) {
            return i;
        }
    }
    return NOTHING;
}

static void step_open(struct model *model)
{
    int directory = model_pick_directory(model);
    int name = (int)choices_below(model->choices, NAMES);
    uint32_t flags = choices_below(model->choices, FILE_OPEN_FLAGS + 1);
    struct file_answer answer;
    int place = free_open(model);
    int object = NOTHING;

    if (place == NOTHING || !model_has_room(model)) {
        return;
    }
    enum file_status status = client_open(&model->client, model->open[directory].handle,
                                          model_names[name], flags, &answer);
    bool is_wrong =
        ((flags & FILE_OPEN_EXCLUSIVE) != 0 && (flags & FILE_OPEN_CREATE) == 0) ||
        ((flags & FILE_OPEN_DIRECTORY) != 0 &&
         (flags & (FILE_OPEN_CREATE | FILE_OPEN_TRUNCATE)) != 0);
    require(status == (is_wrong ? FILE_INVALID
                                : expect_open(model, directory, name, flags, &object)));
    if (status != FILE_OK) {
        return;
    }
    require(answer.words[1] == (uint64_t)model->objects[object].type);
    model->objects[object].holds++;
    model->open[place] =
        (struct open_object){.object = object,
                             .handle = answer.words[0],
                             .can_read = (flags & FILE_OPEN_READ) != 0,
                             .can_write = (flags & FILE_OPEN_WRITE) != 0};
}

static void step_close(struct model *model)
{
    int open = model_pick_open(model);
    const uint64_t words[3] = {model->open[open].handle, 0, 0};
    enum file_status status =
        client_request(&model->client, FILE_LABEL(FILE_CLOSE, 0), words, NULL);

    require(status == (open == 0 ? FILE_INVALID : FILE_OK));
    if (open != 0) {
        model_object_of(model, open)->holds--;
        model_drop_if_unused(model_object_of(model, open));
        model->open[open].object = NOTHING;
    }
}

/** What stands before any use of a file's contents. */
static enum file_status expect_file(struct model *model, int open, bool allowed)
{
    if (model_object_of(model, open)->type == FILE_TYPE_DIRECTORY) {
        return FILE_IS_DIRECTORY;
    }
    return allowed ? FILE_OK : FILE_BAD_HANDLE;
}

static void grow(struct object *object, uint32_t size)
{
    if (size > object->size) {
        memset(object->bytes + object->size, 0, size - object->size);
        object->size = size;
    }
}

static void step_write(struct model *model)
{
    int open = model_pick_open(model);
    struct object *object = model_object_of(model, open);
    bool append = choices_below(model->choices, 4) == 0;
    uint32_t offset = choices_below(model->choices, FILE_BYTES - CHUNK_BYTES);
    uint32_t size = choices_below(model->choices, CHUNK_BYTES);
    uint8_t *data = model->client.buffer + FILE_BUFFER_DATA;
    const uint64_t words[3] = {model->open[open].handle, offset, size};
    struct file_answer answer;

    offset = append ? object->size : offset;
    if (offset + size > FILE_BYTES) {
        return;
    }
    memset(data, (int)choices_byte(model->choices), size);
    enum file_status status = client_request(
        &model->client, FILE_LABEL(FILE_WRITE, append ? FILE_WRITE_APPEND : 0), words,
        &answer);
    require(status == expect_file(model, open, model->open[open].can_write));
    if (status == FILE_OK) {
        require(answer.words[0] == size && answer.words[1] == offset + size);
        if (size > 0) {
            grow(object, offset + size);
            memcpy(object->bytes + offset, data, size);
        }
    }
}

static void step_read(struct model *model)
{
    int open = model_pick_open(model);
    const struct object *object = model_object_of(model, open);
    uint32_t offset = choices_below(model->choices, FILE_BYTES);
    uint32_t size = choices_below(model->choices, CHUNK_BYTES);
    const uint64_t words[3] = {model->open[open].handle, offset, size};
    struct file_answer answer;
    enum file_status status =
        client_request(&model->client, FILE_LABEL(FILE_READ, 0), words, &answer);

    require(status == expect_file(model, open, model->open[open].can_read));
    if (status == FILE_OK) {
        uint32_t left = offset < object->size ? object->size - offset : 0;
        require(answer.words[0] == (size < left ? size : left));
        require(memcmp(model->client.buffer + FILE_BUFFER_DATA, object->bytes + offset,
                       answer.words[0]) == 0);
    }
}

static void step_set_size(struct model *model)
{
    int open = model_pick_open(model);
    uint32_t size = choices_below(model->choices, FILE_BYTES);
    bool allocate = choices_below(model->choices, 3) == 0;
    const uint64_t words[3] = {model->open[open].handle, allocate ? 0 : size, size};
    enum file_status status = client_request(
        &model->client, FILE_LABEL(allocate ? FILE_ALLOCATE : FILE_SET_SIZE, 0), words,
        NULL);
    enum file_status expected = expect_file(model, open, model->open[open].can_write);

    if (allocate && size == 0 && expected == FILE_OK) {
        expected = FILE_INVALID;
    }
    if (allocate && expected == FILE_OK && model->world->p9.volume != NULL) {
        expected = FILE_NOT_SUPPORTED; /* 9P has no such request */
    }
    require(status == expected);
    if (status == FILE_OK) {
        grow(model_object_of(model, open), size);
        if (!allocate) {
            model_object_of(model, open)->size = size;
        }
    }
}

static void run(struct choices *choices, unsigned steps, struct file_world *world,
                uint32_t attach_flags)
{
    static void (*const all[])(struct model *) = {
        step_open,       step_open,         step_close,      step_write,
        step_read,       step_set_size,     model_step_make, model_step_remove,
        model_step_link, model_step_rename, model_step_list, model_step_stat};
    struct model *model = calloc(1, sizeof(*model));

    require(model != NULL);
    model_make_names();
    model->choices = choices;
    model->world = world;
    require(world_attach(model->world, BADGE, "", attach_flags, 1 << 30) == FILE_OK);
    model->client = world_client(model->world, BADGE);
    for (int i = 0; i < HANDLES; i++) {
        model->open[i].object = NOTHING;
    }
    model->open[0] = (struct open_object){
        .object = model_make_object(model, FILE_TYPE_DIRECTORY), .can_read = true};
    model->objects[0].links = 1;
    for (unsigned i = 0; i < steps && choices_left(choices); i++) {
        all[choices_below(choices, sizeof(all) / sizeof(all[0]))](model);
        world_check(model->world);
    }
    world_close(model->world);
    free(model);
}

void file_model_run(struct choices *choices, unsigned steps)
{
    run(choices, steps, world_open(), FILE_ATTACH_PRIVATE);
}

void file_model_run_p9(struct choices *choices, unsigned steps)
{
    run(choices, steps, world_open_p9(), 0);
}
