/**
 * file_model_names.c - requests about names, on both sides; see file_model.h.
 */
#include "model/file_model_state.h"

void model_step_make(struct model *model)
{
    int directory = model_pick_directory(model);
    int name = (int)choices_below(model->choices, NAMES);
    bool is_link = choices_below(model->choices, 3) == 0;
    const uint64_t words[3] = {model->open[directory].handle, strlen(model_names[name]),
                               5};
    enum file_status status;

    if (!model_has_room(model)) {
        return;
    }
    client_put_name(&model->client, FILE_BUFFER_NAME, model_names[name]);
    memcpy(model->client.buffer + FILE_BUFFER_DATA, "../..", 5);
    status = client_request(&model->client,
                            FILE_LABEL(is_link ? FILE_SYMLINK : FILE_MAKE_DIRECTORY, 0),
                            words, NULL);
    require(status == model_check_free(model, directory, name));
    if (status == FILE_OK) {
        int made =
            model_make_object(model, is_link ? FILE_TYPE_LINK : FILE_TYPE_DIRECTORY);
        model->objects[made].links = 1;
        model_set_entry(model, model->open[directory].object, name, made);
    }
}

void model_step_remove(struct model *model)
{
    int directory = model_pick_directory(model);
    int name = (int)choices_below(model->choices, NAMES);
    bool wants_directory = choices_below(model->choices, 2) == 0;
    enum file_status expected;
    int found = model_look(model, directory, name, &expected);
    enum file_status status = client_on_name(
        &model->client, wants_directory ? FILE_REMOVE_DIRECTORY : FILE_UNLINK,
        model->open[directory].handle, model_names[name]);

    if (expected == FILE_OK) {
        struct object *object = &model->objects[found];
        bool is_directory = object->type == FILE_TYPE_DIRECTORY;
        if (is_directory != wants_directory) {
            expected = is_directory ? FILE_IS_DIRECTORY : FILE_NOT_DIRECTORY;
        } else if (is_directory && !model_is_empty(object)) {
            expected = FILE_NOT_EMPTY;
        } else {
            model_object_of(model, directory)->entries[name] = NOTHING;
            object->links--;
            model_drop_if_unused(object);
        }
    }
    require(status == expected);
}

void model_step_link(struct model *model)
{
    int from = model_pick_directory(model);
    int to = model_pick_directory(model);
    int from_name = (int)choices_below(model->choices, NAMES);
    int to_name = (int)choices_below(model->choices, NAMES);
    const uint64_t handles[2] = {model->open[from].handle, model->open[to].handle};
    bool from_is_directory = model_object_of(model, from)->type == FILE_TYPE_DIRECTORY;
    bool to_is_directory = model_object_of(model, to)->type == FILE_TYPE_DIRECTORY;
    enum file_status expected;
    int found = model_look(model, from, from_name, &expected);
    enum file_status status =
        client_on_names(&model->client, FILE_LINK, handles, model_names[from_name],
                        model_names[to_name]);

    if (!from_is_directory || !to_is_directory) {
        require(status == FILE_NOT_DIRECTORY);
        return;
    }
    if (expected == FILE_OK && model->objects[found].type == FILE_TYPE_DIRECTORY) {
        expected = FILE_NOT_PERMITTED;
    }
    if (expected == FILE_OK) {
        expected = model_check_free(model, to, to_name);
    }
    require(status == expected);
    if (status == FILE_OK) {
        model->objects[found].links++;
        model_set_entry(model, model->open[to].object, to_name, found);
    }
}

static bool is_inside(const struct model *model, int directory, int inside)
{
    while (inside != directory && inside != NOTHING) {
        inside = model->objects[inside].parent;
    }
    return inside == directory;
}

/** What a rename over @p replaced answers. */
static enum file_status expect_replace(const struct model *model, int moved,
                                       int replaced)
{
    bool moves_directory = model->objects[moved].type == FILE_TYPE_DIRECTORY;
    const struct object *old = &model->objects[replaced];

    if (old->type != FILE_TYPE_DIRECTORY) {
        return moves_directory ? FILE_NOT_DIRECTORY : FILE_OK;
    }
    if (!moves_directory) {
        return FILE_IS_DIRECTORY;
    }
    return model_is_empty(old) ? FILE_OK : FILE_NOT_EMPTY;
}

static enum file_status expect_rename(struct model *model, int from, int from_name,
                                      int to, int to_name)
{
    enum file_status status;
    int moved = model_look(model, from, from_name, &status);

    if (status != FILE_OK) {
        return status;
    }
    status = model_check_free(model, to, to_name);
    if (status != FILE_OK && status != FILE_EXISTS) {
        return status;
    }
    int replaced = model_object_of(model, to)->entries[to_name];
    if (moved == replaced) {
        return FILE_OK;
    }
    if (model->objects[moved].type == FILE_TYPE_DIRECTORY &&
        is_inside(model, moved, model->open[to].object)) {
        return FILE_INVALID;
    }
    if (replaced != NOTHING) {
        status = expect_replace(model, moved, replaced);
        if (status != FILE_OK) {
            return status;
        }
        model->objects[replaced].links--;
        model_drop_if_unused(&model->objects[replaced]);
    }
    model_object_of(model, from)->entries[from_name] = NOTHING;
    model_set_entry(model, model->open[to].object, to_name, moved);
    return FILE_OK;
}

void model_step_rename(struct model *model)
{
    int from = model_pick_directory(model);
    int to = model_pick_directory(model);
    int from_name = (int)choices_below(model->choices, NAMES);
    int to_name = (int)choices_below(model->choices, NAMES);
    const uint64_t handles[2] = {model->open[from].handle, model->open[to].handle};
    bool both = model_object_of(model, from)->type == FILE_TYPE_DIRECTORY &&
                model_object_of(model, to)->type == FILE_TYPE_DIRECTORY;
    enum file_status status =
        client_on_names(&model->client, FILE_RENAME, handles, model_names[from_name],
                        model_names[to_name]);

    require(status == (both ? expect_rename(model, from, from_name, to, to_name)
                            : FILE_NOT_DIRECTORY));
}

/** Which of the names an entry has. */
static int name_number(const uint8_t *bytes, uint32_t size)
{
    for (int n = 0; n < NAMES; n++) {
        if (strlen(model_names[n]) == size &&
            memcmp(model_names[n], bytes, size) == 0) {
            return n;
        }
    }
    abort();
}

void model_step_list(struct model *model)
{
    int open = model_pick_directory(model);
    const struct object *directory = model_object_of(model, open);
    uint64_t words[3] = {model->open[open].handle, 0, 0};
    bool seen[NAMES] = {false};
    struct file_answer answer;
    enum file_status status;

    while ((status = client_request(&model->client, FILE_LABEL(FILE_READ_DIRECTORY, 0),
                                    words, &answer)) == FILE_OK &&
           answer.words[0] > 0) {
        const uint8_t *at = model->client.buffer + FILE_BUFFER_DATA;
        const uint8_t *end = at + answer.words[0];
        for (struct file_entry entry; at < end;
             at += FILE_ENTRY_BYTES(entry.name_size)) {
            memcpy(&entry, at, sizeof(entry));
            int name = name_number(at + sizeof(entry), entry.name_size);
            require(!seen[name] && directory->entries[name] != NOTHING);
            require((int)entry.type == model->objects[directory->entries[name]].type);
            seen[name] = true;
            words[1] = entry.next_cookie;
        }
    }
    bool is_directory = directory->type == FILE_TYPE_DIRECTORY;
    require(status == (is_directory ? FILE_OK : FILE_NOT_DIRECTORY));
    for (int n = 0; n < NAMES && is_directory; n++) {
        require(seen[n] == (directory->entries[n] != NOTHING));
    }
}

void model_step_stat(struct model *model)
{
    int open = model_pick_directory(model);
    int name = (int)choices_below(model->choices, NAMES);
    struct file_attributes attributes;
    enum file_status expected;
    int found = model_look(model, open, name, &expected);

    require(client_on_name(&model->client, FILE_STAT_AT, model->open[open].handle,
                           model_names[name]) == expected);
    if (expected != FILE_OK) {
        return;
    }
    const struct object *object = &model->objects[found];
    memcpy(&attributes, model->client.buffer + FILE_BUFFER_RECORD, sizeof(attributes));
    require(attributes.type == (uint64_t)object->type);
    require(object->type != FILE_TYPE_FILE ||
            (attributes.size == object->size &&
             attributes.link_count == (uint64_t)object->links));
}
