/**
 * directory.c - the entries of a directory; see volume.h.
 *
 * A directory's blocks are filled with records, each of which ends where the next begins; none lies in two
 * blocks. Free room is a record with inode 0, or the rest of a record behind its name. Records
 * of entries never move, so that a position in a listing stays good: it is the offset of a record, and one that
 * no longer is a record's beginning stands for the next one.
 */
#include "core/bytes.h"
#include "services/ramfs/volume.h"

struct record {
    uint32_t inode; /* 0: free */
    uint16_t bytes; /* to the next record; a multiple of 8 */
    uint8_t type;
    uint8_t name_size;
    char name[];
};
_Static_assert(sizeof(struct record) == 8, "a name begins behind 8 bytes");

/** A record's place: its block, and where it and the one before it begin. */
struct place {
    uint8_t *block;
    uint32_t offset;
    uint32_t previous; /* the same as offset: the first of its block */
};

static struct record *record_at(uint8_t *block, uint32_t offset)
{
    return (struct record *)(void *)(block + offset);
}

/** What a record with that name needs. */
static uint32_t needed(uint32_t name_size)
{
    return (uint32_t)((sizeof(struct record) + name_size + 7) & ~7u);
}

static uint64_t block_count(const struct ramfs_inode *directory)
{
    return directory->size / RAMFS_BLOCK;
}

static bool is_named(const struct record *record, const char *name, uint32_t size)
{
    return record->inode != 0 && record->name_size == size &&
           memcmp(record->name, name, size) == 0;
}

static bool find_place(const struct ramfs_inode *directory, const char *name,
                       uint32_t size, struct place *out_place)
{
    for (uint64_t i = 0; i < block_count(directory); i++) {
        uint8_t *block = block_map_find(&directory->data, i);
        uint32_t previous = 0;
        uint32_t offset = 0;

        while (offset < RAMFS_BLOCK) {
            const struct record *record = record_at(block, offset);
            if (is_named(record, name, size)) {
                *out_place = (struct place){block, offset, previous};
                return true;
            }
            previous = offset;
            offset += record->bytes;
        }
    }
    return false;
}

uint32_t directory_find(const struct ramfs_inode *directory, const char *name,
                        uint32_t size)
{
    struct place place;

    return find_place(directory, name, size, &place)
               ? record_at(place.block, place.offset)->inode
               : 0;
}

/** Makes room in @p record for @p bytes; NULL: it has not so much. */
static struct record *split(struct record *record, uint32_t bytes)
{
    uint32_t used = record->inode == 0 ? 0 : needed(record->name_size);

    if (record->bytes < used + bytes) {
        return NULL;
    }
    if (used == 0) {
        return record;
    }
    struct record *rest = (struct record *)(void *)((uint8_t *)record + used);
    rest->bytes = (uint16_t)(record->bytes - used);
    record->bytes = (uint16_t)used;
    return rest;
}

static struct record *find_room(const struct ramfs_inode *directory, uint32_t bytes)
{
    for (uint64_t i = 0; i < block_count(directory); i++) {
        uint8_t *block = block_map_find(&directory->data, i);
        uint32_t offset = 0;

        while (offset < RAMFS_BLOCK) {
            struct record *record = record_at(block, offset);
            uint32_t next = offset + record->bytes;
            struct record *room = split(record, bytes);
            if (room != NULL) {
                return room;
            }
            offset = next;
        }
    }
    return NULL;
}

static void put(struct record *record, const struct ramfs_name *name,
                const struct ramfs_inode *inode)
{
    record->inode = inode->number;
    record->type = (uint8_t)inode->type;
    record->name_size = (uint8_t)name->size;
    memcpy(record->name, name->bytes, name->size);
}

static void touch(const struct ramfs_volume *volume, struct ramfs_inode *directory)
{
    directory->modification_time_ns = volume->now_ns;
    directory->change_time_ns = volume->now_ns;
}

enum file_status directory_add(struct ramfs_volume *volume,
                               struct ramfs_inode *directory,
                               const struct ramfs_name *name,
                               const struct ramfs_inode *inode)
{
    struct record *room = find_room(directory, needed(name->size));

    if (room == NULL) {
        void *block;
        enum file_status status = block_map_make(&volume->pool, &directory->data,
                                                 block_count(directory), &block);
        if (status != FILE_OK) {
            return status;
        }
        room = block;
        room->bytes = RAMFS_BLOCK;
        directory->size += RAMFS_BLOCK;
    }
    put(room, name, inode);
    directory->entries++;
    touch(volume, directory);
    return FILE_OK;
}

void directory_remove(struct ramfs_volume *volume, struct ramfs_inode *directory,
                      const char *name, uint32_t size)
{
    struct place place;

    if (!find_place(directory, name, size, &place)) {
        return;
    }
    struct record *record = record_at(place.block, place.offset);
    record->inode = 0;
    if (place.previous != place.offset) {
        struct record *previous = record_at(place.block, place.previous);
        previous->bytes = (uint16_t)(previous->bytes + record->bytes);
    }
    directory->entries--;
    if (directory->entries == 0) {
        block_map_cut(&volume->pool, &directory->data, 0);
        directory->size = 0;
    }
    touch(volume, directory);
}

void directory_replace(struct ramfs_inode *directory, const struct ramfs_name *name,
                       const struct ramfs_inode *inode)
{
    struct place place;

    if (find_place(directory, name->bytes, name->size, &place)) {
        put(record_at(place.block, place.offset), name, inode);
    }
}

/** Writes one entry; 0: it does not fit. */
static uint64_t put_entry(const struct record *record, uint64_t next_cookie,
                          uint8_t *to, uint64_t room)
{
    uint64_t bytes = FILE_ENTRY_BYTES(record->name_size);
    const struct file_entry entry = {.next_cookie = next_cookie,
                                     .inode = record->inode,
                                     .type = record->type,
                                     .name_size = record->name_size};

    if (bytes > room) {
        return 0;
    }
    memset(to, 0, bytes);
    memcpy(to, &entry, sizeof(entry));
    memcpy(to + sizeof(entry), record->name, record->name_size);
    return bytes;
}

uint64_t directory_read(const struct ramfs_inode *directory, uint64_t cookie,
                        uint8_t *to, uint64_t size)
{
    uint64_t done = 0;

    for (uint64_t i = cookie / RAMFS_BLOCK; i < block_count(directory); i++) {
        uint8_t *block = block_map_find(&directory->data, i);
        uint32_t offset = 0;

        while (offset < RAMFS_BLOCK) {
            const struct record *record = record_at(block, offset);
            uint64_t here = i * RAMFS_BLOCK + offset;
            offset += record->bytes;
            if (record->inode == 0 || here < cookie) {
                continue;
            }
            uint64_t put_bytes =
                put_entry(record, i * RAMFS_BLOCK + offset, to + done, size - done);
            if (put_bytes == 0) {
                return done;
            }
            done += put_bytes;
        }
    }
    return done;
}
