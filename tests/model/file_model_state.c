/**
 * file_model_state.c - see file_model_state.h.
 */
#include "model/file_model_state.h"

char model_names[NAMES][FILE_NAME_MAX + 1] = {"a", "b", "c", "dir", "name.txt", "x"};

void model_make_names(void)
{
    memset(model_names[NAMES - 1], 'L', FILE_NAME_MAX);
}

int model_make_object(struct model *model, int type)
{
    for (int i = 0; i < OBJECTS; i++) {
        struct object *object = &model->objects[i];
        if (object->type == 0) {
            *object = (struct object){.type = type, .parent = NOTHING};
            for (int n = 0; n < NAMES; n++) {
                object->entries[n] = NOTHING;
            }
            return i;
        }
    }
    return NOTHING;
}

void model_drop_if_unused(struct object *object)
{
    if (object->links == 0 && object->holds == 0) {
        object->type = 0;
    }
}

bool model_is_empty(const struct object *directory)
{
    for (int n = 0; n < NAMES; n++) {
        if (directory->entries[n] != NOTHING) {
            return false;
        }
    }
    return true;
}

int model_pick_open(struct model *model)
{
    int i = (int)choices_below(model->choices, HANDLES);

    return model->open[i].object == NOTHING ? 0 : i;
}

/** An open directory, most times. */
int model_pick_directory(struct model *model)
{
    int i = model_pick_open(model);

    return model->objects[model->open[i].object].type == FILE_TYPE_DIRECTORY ||
                   choices_below(model->choices, 16) == 0
               ? i
               : 0;
}

struct object *model_object_of(struct model *model, int open)
{
    return &model->objects[model->open[open].object];
}

/** What a name in an open directory is; *out_status is the error before it. */
int model_look(struct model *model, int open, int name, enum file_status *out_status)
{
    struct object *directory = model_object_of(model, open);

    if (directory->type != FILE_TYPE_DIRECTORY) {
        *out_status = FILE_NOT_DIRECTORY;
        return NOTHING;
    }
    int found = directory->entries[name];
    *out_status = found == NOTHING ? FILE_NO_ENTRY : FILE_OK;
    return found;
}

/** May a name be made there? */
enum file_status model_check_free(struct model *model, int open, int name)
{
    enum file_status status;

    model_look(model, open, name, &status);
    if (status == FILE_NO_ENTRY) {
        return model_object_of(model, open)->links == 0 ? FILE_NO_ENTRY : FILE_OK;
    }
    return status == FILE_OK ? FILE_EXISTS : status;
}

void model_set_entry(struct model *model, int directory, int name, int object)
{
    model->objects[directory].entries[name] = object;
    if (object != NOTHING && model->objects[object].type == FILE_TYPE_DIRECTORY) {
        model->objects[object].parent = directory;
    }
}

bool model_has_room(const struct model *model)
{
    int used = 0;

    for (int i = 0; i < OBJECTS; i++) {
        used += model->objects[i].type != 0;
    }
    return used < OBJECTS - 1;
}
