/**
 * file_model_state.h - the model of a file system: its objects, and who has what open.
 *
 * An array of objects; a directory is a list of names and objects, a file an array of bytes.
 * Names come from a short list, so that collisions are frequent.
 */
#ifndef TESTS_MODEL_FILE_MODEL_STATE_H
#define TESTS_MODEL_FILE_MODEL_STATE_H

#include "model/choices.h"
#include "model/file_world.h"

enum {
    OBJECTS = 48,
    NAMES = 7,
    FILE_BYTES = 20000,
    HANDLES = 8,
    CHUNK_BYTES = 9000,
    BADGE = FILE_BADGE_FIRST,
    NOTHING = -1
};

struct object {
    int type; /* enum file_type, or 0: free */
    int links;
    int holds;
    int parent;         /* of a directory */
    int entries[NAMES]; /* of a directory: by name, an object or NOTHING */
    uint32_t size;
    uint8_t bytes[FILE_BYTES];
};

struct open_object {
    int object; /* NOTHING: not open */
    uint64_t handle;
    bool can_read;
    bool can_write;
};

struct model {
    struct choices *choices;
    struct file_world *world;
    struct file_client client;
    struct object objects[OBJECTS];
    struct open_object open[HANDLES]; /* 0: the root */
};

extern char model_names[NAMES][FILE_NAME_MAX + 1];

/** Completes the list of names. */
void model_make_names(void);

/** A new object, or NOTHING. */
int model_make_object(struct model *model, int type);

/** Frees an object that has neither links nor holders. */
void model_drop_if_unused(struct object *object);

bool model_is_empty(const struct object *directory);

/** Is there room for another object? */
bool model_has_room(const struct model *model);

/** Something open, by its place in `open`. */
int model_pick_open(struct model *model);

/** An open directory, most times. */
int model_pick_directory(struct model *model);

struct object *model_object_of(struct model *model, int open);

/** What a name in an open directory is; *@p out_status is the error before it. */
int model_look(struct model *model, int open, int name, enum file_status *out_status);

/** May a name be made there? */
enum file_status model_check_free(struct model *model, int open, int name);

void model_set_entry(struct model *model, int directory, int name, int object);

/* One request each, on both sides (file_model_names.c). */
void model_step_make(struct model *model);
void model_step_remove(struct model *model);
void model_step_link(struct model *model);
void model_step_rename(struct model *model);
void model_step_list(struct model *model);
void model_step_stat(struct model *model);

#endif
