/**
 * file_world.c - see file_world.h.
 */
#include "model/file_world.h"
#include "model/choices.h"

static struct file_world *the_world;

static void *take_block(void *context)
{
    struct file_world *world = context;

    if (world->blocks_out >= world->blocks_limit) {
        return NULL;
    }
    world->blocks_out++;
    void *block = aligned_alloc(RAMFS_BLOCK, RAMFS_BLOCK);
    require(block != NULL);
    __builtin_memset(block, 0xA5, RAMFS_BLOCK);
    return block;
}

static void give_block(void *context, void *block)
{
    struct file_world *world = context;

    world->blocks_out--;
    free(block);
}

static uint64_t now_ns(void)
{
    return ++the_world->now_ns;
}

static uint8_t *buffer_of(uint64_t badge)
{
    return the_world->buffers[badge - 1];
}

static bool call(uint64_t slot, struct file_message *message)
{
    server_handle(&the_world->server, slot, message);
    return true;
}

struct file_world *world_open(void)
{
    static const struct file_memory memory = {.reallocate = realloc, .release = free};
    static struct ramfs_memory blocks = {.take = take_block, .give = give_block};
    struct file_world *world = calloc(1, sizeof(*world));

    require(world != NULL && the_world == NULL);
    the_world = world;
    blocks.context = world;
    world->blocks_limit = UINT64_MAX;
    world->ramfs.memory = &blocks;
    world->ramfs.now_ns = now_ns;
    world->system = ramfs_file_system(&world->ramfs);
    world->server =
        (struct file_server){.sessions = {.system = &world->system, .memory = &memory},
                             .supervisor_buffer = world->buffers[0],
                             .supervisor_buffer_bytes = WORLD_BUFFER_BYTES,
                             .buffer_of = buffer_of};
    return world;
}

struct file_world *world_open_p9(void)
{
    struct file_world *world = world_open();
    struct ramfs_entry *entry = &world->ramfs.entries[0];

    require(volume_init(&entry->volume, world->ramfs.memory, 1 << 20, 1) == FILE_OK);
    entry->is_used = true;
    world->p9.volume = &entry->volume;
    world->host.client.transport = p9_server_transport(&world->p9);
    require(p9_connect(&world->host.client) == FILE_OK);
    world->system = host_files_system(&world->host);
    return world;
}

void world_close(struct file_world *world)
{
    for (uint64_t badge = FILE_BADGE_FIRST; badge <= WORLD_SESSIONS; badge++) {
        server_badge_gone(&world->server, badge);
    }
    require(world->p9.volume == NULL || world->p9.open_fids == 1); /* the root */
    for (size_t i = 0; i < RAMFS_VOLUMES; i++) {
        if (world->ramfs.entries[i].is_used) {
            volume_destroy(&world->ramfs.entries[i].volume);
        }
    }
    require(world->blocks_out == 0);
    the_world = NULL;
    free(world);
}

enum file_status world_attach(struct file_world *world, uint64_t badge,
                              const char *path, uint32_t flags, uint64_t quota_bytes)
{
    const struct file_client supervisor = {.slot = FILE_BADGE_SUPERVISOR, .call = call};
    const struct file_attach attach = {.badge = badge,
                                       .quota_bytes = quota_bytes,
                                       .buffer_bytes = WORLD_BUFFER_BYTES,
                                       .flags = flags,
                                       .handles = 20,
                                       .path_size = (uint32_t)strlen(path)};
    const uint64_t words[3] = {0, 0, 0};

    memcpy(world->buffers[0] + FILE_BUFFER_RECORD, &attach, sizeof(attach));
    memcpy(world->buffers[0] + FILE_BUFFER_DATA, path, attach.path_size);
    return client_request(&supervisor, FILE_ATTACH, words, NULL);
}

struct file_client world_client(struct file_world *world, uint64_t badge)
{
    return (struct file_client){.slot = badge,
                                .buffer = world->buffers[badge - 1],
                                .buffer_bytes = WORLD_BUFFER_BYTES,
                                .call = call};
}

static uint64_t blocks_of(const struct ramfs_volume *volume)
{
    uint64_t count = block_map_count(&volume->inodes);

    for (uint32_t number = RAMFS_ROOT; number < volume->inode_count; number++) {
        const struct ramfs_inode *inode = volume_inode(volume, number);
        if (inode != NULL) {
            require(inode->link_count != 0 || inode->hold_count != 0);
            count += block_map_count(&inode->data);
        }
    }
    return count;
}

void world_check(struct file_world *world)
{
    uint64_t all = 0;

    for (size_t i = 0; i < RAMFS_VOLUMES; i++) {
        const struct ramfs_entry *entry = &world->ramfs.entries[i];
        if (entry->is_used) {
            require(blocks_of(&entry->volume) == entry->volume.pool.used_blocks);
            require(entry->volume.pool.used_blocks <= entry->volume.pool.quota_blocks);
            all += entry->volume.pool.used_blocks;
        }
    }
    require(all == world->blocks_out);
}
