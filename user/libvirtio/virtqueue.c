/**
 * virtqueue.c - see virtqueue.h.
 *
 * Layout in memory: the descriptor table, the available ring, the used ring (virtio 1.2,
 * 2.7.5, 2.7.6, 2.7.8). All fields are little-endian, as is the machine.
 */
#include "libvirtio/virtqueue.h"
#include "core/bits.h"

enum { FLAG_NEXT = 1, FLAG_WRITE = 2, USED_FLAG_NO_NOTIFY = 1, NO_ENTRY = 0xffff };

struct descriptor {
    uint64_t address;
    uint32_t bytes;
    uint16_t flags;
    uint16_t next;
};
_Static_assert(sizeof(struct descriptor) == 16, "virtio 1.2, 2.7.5");

struct ring_head {
    uint16_t flags;
    uint16_t index;
};

struct used_element {
    uint32_t id;
    uint32_t bytes;
};

static size_t available_offset(uint16_t size)
{
    return size * sizeof(struct descriptor);
}

static size_t used_offset(uint16_t size)
{
    /* Behind the entries of the available ring stands a field of event indexes. */
    return bits_align_up(
        available_offset(size) + sizeof(struct ring_head) + 2ul * size + 2, 4);
}

size_t virtqueue_bytes(uint16_t size)
{
    return used_offset(size) + sizeof(struct ring_head) +
           size * sizeof(struct used_element) + 2;
}

static struct descriptor *descriptor_at(const struct virtqueue *queue, uint16_t index)
{
    return (struct descriptor *)(void *)queue->memory + index;
}

static struct ring_head *available_head(const struct virtqueue *queue)
{
    return (struct ring_head *)(void *)(queue->memory + available_offset(queue->size));
}

static struct ring_head *used_head(const struct virtqueue *queue)
{
    return (struct ring_head *)(void *)(queue->memory + used_offset(queue->size));
}

void virtqueue_init(struct virtqueue *queue, void *memory, uint64_t physical,
                    uint16_t size)
{
    *queue = (struct virtqueue){
        .memory = memory, .physical = physical, .size = size, .free_count = size};
    for (uint16_t i = 0; i < size; i++) {
        queue->entries[i].next = i + 1 < size ? (uint16_t)(i + 1) : NO_ENTRY;
    }
}

struct virtqueue_addresses virtqueue_addresses(const struct virtqueue *queue)
{
    return (struct virtqueue_addresses){
        .descriptors = queue->physical,
        .available = queue->physical + available_offset(queue->size),
        .used = queue->physical + used_offset(queue->size)};
}

/** Writes the chain's descriptors, in the order of the list of free ones. */
static void write_descriptors(struct virtqueue *queue,
                              const struct virtqueue_chain *chain, uint16_t head)
{
    uint16_t count = (uint16_t)(chain->readable + chain->writable);
    uint16_t index = head;
    uint64_t writable = 0;

    for (uint16_t i = 0; i < count; i++) {
        const struct virtqueue_buffer *buffer = &chain->buffers[i];
        struct descriptor *descriptor = descriptor_at(queue, index);
        bool last = i + 1 == count;

        descriptor->address = buffer->physical;
        descriptor->bytes = buffer->bytes;
        descriptor->flags = (uint16_t)((i >= chain->readable ? FLAG_WRITE : 0) |
                                       (last ? 0 : FLAG_NEXT));
        descriptor->next = last ? 0 : queue->entries[index].next;
        writable += i >= chain->readable ? buffer->bytes : 0;
        if (last) {
            queue->free_first = queue->entries[index].next;
        }
        index = queue->entries[index].next;
    }
    queue->free_count = (uint16_t)(queue->free_count - count);
    queue->entries[head].length = count;
    queue->entries[head].writable =
        writable < UINT32_MAX ? (uint32_t)writable : UINT32_MAX;
}

enum virtqueue_status virtqueue_add(struct virtqueue *queue,
                                    const struct virtqueue_chain *chain,
                                    uint16_t *out_id)
{
    uint32_t count = (uint32_t)chain->readable + chain->writable;
    struct ring_head *ring = available_head(queue);
    uint16_t *entries = (uint16_t *)(void *)(ring + 1);

    if (queue->broken) {
        return VIRTQUEUE_BROKEN;
    }
    if (count == 0 || count > queue->free_count) {
        return VIRTQUEUE_FULL;
    }
    uint16_t head = queue->free_first;
    write_descriptors(queue, chain, head);
    entries[queue->available & (queue->size - 1)] = head;
    queue->available++;
    queue->in_flight++;
    __atomic_store_n(&ring->index, queue->available, __ATOMIC_RELEASE);
    *out_id = head;
    return VIRTQUEUE_OK;
}

bool virtqueue_must_notify(const struct virtqueue *queue)
{
    /* The device sees the new index before its wish is read: virtio 1.2, 2.7.13.4.1. */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return (__atomic_load_n(&used_head(queue)->flags, __ATOMIC_RELAXED) &
            USED_FLAG_NO_NOTIFY) == 0;
}

/** Puts a chain's descriptors back into the list of free ones. */
static void free_chain(struct virtqueue *queue, uint16_t head)
{
    uint16_t count = queue->entries[head].length;
    uint16_t last = head;

    for (uint16_t i = 1; i < count; i++) {
        last = queue->entries[last].next;
    }
    queue->entries[last].next = queue->free_first;
    queue->free_first = head;
    queue->free_count = (uint16_t)(queue->free_count + count);
    queue->entries[head].length = 0;
    queue->in_flight--;
}

enum virtqueue_status virtqueue_take(struct virtqueue *queue,
                                     struct virtqueue_completion *out_completion)
{
    struct ring_head *ring = used_head(queue);
    uint16_t index = __atomic_load_n(&ring->index, __ATOMIC_ACQUIRE);
    uint16_t ready = (uint16_t)(index - queue->used);

    if (queue->broken || ready > queue->in_flight) {
        queue->broken = true;
        return VIRTQUEUE_BROKEN;
    }
    if (ready == 0) {
        return VIRTQUEUE_EMPTY;
    }
    struct used_element *element =
        (struct used_element *)(void *)(ring + 1) + (queue->used & (queue->size - 1));
    uint32_t id = __atomic_load_n(&element->id, __ATOMIC_RELAXED);
    uint32_t bytes = __atomic_load_n(&element->bytes, __ATOMIC_RELAXED);
    if (id >= queue->size || queue->entries[id].length == 0 ||
        bytes > queue->entries[id].writable) {
        queue->broken = true;
        return VIRTQUEUE_BROKEN;
    }
    queue->used++;
    free_chain(queue, (uint16_t)id);
    *out_completion =
        (struct virtqueue_completion){.id = (uint16_t)id, .written = bytes};
    return VIRTQUEUE_OK;
}
