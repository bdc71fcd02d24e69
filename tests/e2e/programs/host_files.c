/**
 * host_files.c - in Init's place: a directory of the host's by virtio-9p and host_files, used through the file
 * protocol. cases_files.py makes the directory and looks at it afterwards.
 */
#include "core/bytes.h"
#include "libfile/client.h"
#include "mnos/cap.h"
#include "mnos/process.h"
#include "start/start.h"

enum {
    DRIVER = START_SLOT_FREE,
    SERVICE,
    SUPERVISOR,
    SESSION,
    READER,
    FRAMES,
    BUFFER_ORDER = 4,
    BUFFER_BYTES = 65536,
    SUPERVISOR_ORDER = 2,
    LARGE_BYTES = 300000
};

#define SUPERVISOR_BUFFER 0x31000000ul
#define BUFFER(badge)     (0x32000000ul + (badge)*0x100000ul)
#define START_PAGE        0x36000000ul

int main(const struct mn_boot_info *boot_info);

static struct started service;

static bool call(uint64_t slot, struct file_message *message)
{
    struct mnos_message out = {
        .label = message->label,
        .words = {message->words[0], message->words[1], message->words[2]},
        .length = MN_MESSAGE_WORDS};

    start_call(slot, &out);
    message->label = out.label;
    memcpy(message->words, out.words, sizeof(message->words));
    return true;
}

/** Frames that both see. */
static void share(unsigned order, uint64_t here, uint64_t there, uint64_t flags)
{
    start_require(
        sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAMES, order) == MN_OK &&
            sys_map_memory(MN_INIT_SLOT_SELF, FRAMES, here, MN_MAP_WRITABLE) == MN_OK &&
            sys_map_memory(service.process.slot, FRAMES, there, flags) == MN_OK,
        "sharing frames");
    (void)sys_drop_cap(FRAMES);
}

static void start_files(const struct started *driver)
{
    start_create(&service, SERVICE);
    start_give_badge(&service, driver->endpoint, 1, FILE_SLOT_TRANSPORT);
    share(SUPERVISOR_ORDER, SUPERVISOR_BUFFER,
          FILE_BUFFER_ADDRESS(FILE_BADGE_SUPERVISOR), MN_MAP_WRITABLE);
    share(0, START_PAGE, START_PAGE, 0);
    *(struct file_service_start *)START_PAGE = (struct file_service_start){
        .supervisor_buffer_bytes = MN_PAGE_SIZE << SUPERVISOR_ORDER};
    start_run_with(&service, "host_files", START_PAGE);
    start_require(sys_mint_cap(SERVICE, SUPERVISOR, MN_RIGHT_WRITE,
                               FILE_BADGE_SUPERVISOR, 0) == MN_OK,
                  "badge");
}

static enum file_status attach(uint64_t badge, const char *path, uint32_t flags)
{
    const struct file_client supervisor = {.slot = SUPERVISOR, .call = call};
    const uint64_t words[3] = {0, 0, 0};
    const struct file_attach record = {.badge = badge,
                                       .buffer_bytes = BUFFER_BYTES,
                                       .flags = flags,
                                       .handles = 100,
                                       .path_size = (uint32_t)strlen(path)};

    memcpy((void *)(SUPERVISOR_BUFFER + FILE_BUFFER_RECORD), &record, sizeof(record));
    memcpy((void *)(SUPERVISOR_BUFFER + FILE_BUFFER_DATA), path, strlen(path));
    return client_request(&supervisor, FILE_ATTACH, words, NULL);
}

static struct file_client open_session(uint64_t slot, uint64_t badge, uint32_t flags)
{
    share(BUFFER_ORDER, BUFFER(badge), FILE_BUFFER_ADDRESS(badge), MN_MAP_WRITABLE);
    start_require(attach(badge, "", flags) == FILE_OK &&
                      sys_mint_cap(SERVICE, slot, MN_RIGHT_WRITE, badge, 0) == MN_OK,
                  "a session");
    return (struct file_client){.slot = slot,
                                .buffer = (uint8_t *)BUFFER(badge),
                                .buffer_bytes = BUFFER_BYTES,
                                .call = call};
}

static uint64_t open_file(const struct file_client *client, const char *name,
                          uint32_t flags)
{
    struct file_answer answer;

    start_require(client_open(client, 0, name, flags, &answer) == FILE_OK, name);
    return answer.words[0];
}

static void read_file(const struct file_client *client, const char *name)
{
    const uint64_t words[3] = {open_file(client, name, FILE_OPEN_READ), 0, 4096};
    struct file_answer answer;

    start_require(
        client_request(client, FILE_LABEL(FILE_READ, 0), words, &answer) == FILE_OK,
        name);
    mnos_printf("%s: %.*s\n", name, (int)answer.words[0],
                (const char *)client->buffer + FILE_BUFFER_DATA);
}

/** A file of many requests, each byte the low one of its offset / 7. */
static void write_large(const struct file_client *client, const char *name)
{
    uint64_t words[3] = {open_file(client, name, FILE_OPEN_WRITE | FILE_OPEN_CREATE), 0,
                         0};
    struct file_answer answer;

    while (words[1] < LARGE_BYTES) {
        words[2] = client_data_max(client);
        if (words[2] > LARGE_BYTES - words[1]) {
            words[2] = LARGE_BYTES - words[1];
        }
        for (uint64_t i = 0; i < words[2]; i++) {
            client->buffer[FILE_BUFFER_DATA + i] = (uint8_t)((words[1] + i) / 7);
        }
        start_require(client_request(client, FILE_LABEL(FILE_WRITE, 0), words,
                                     &answer) == FILE_OK &&
                          answer.words[0] > 0,
                      "writing");
        words[1] = answer.words[1];
    }
    const uint64_t handle[3] = {words[0], 0, 0};
    start_require(
        client_request(client, FILE_LABEL(FILE_SYNC, 0), handle, NULL) == FILE_OK &&
            client_request(client, FILE_LABEL(FILE_STAT, 0), handle, NULL) == FILE_OK,
        "syncing");
    struct file_attributes attributes;
    memcpy(&attributes, client->buffer + FILE_BUFFER_RECORD, sizeof(attributes));
    mnos_printf("%s: %llu bytes, type %llu\n", name,
                (unsigned long long)attributes.size,
                (unsigned long long)attributes.type);
}

static void list(const struct file_client *client, const char *name)
{
    uint64_t words[3] = {open_file(client, name, FILE_OPEN_DIRECTORY), 0, 0};
    struct file_answer answer;
    unsigned count = 0;
    unsigned types[8] = {0};

    while (client_request(client, FILE_LABEL(FILE_READ_DIRECTORY, 0), words, &answer) ==
               FILE_OK &&
           answer.words[0] > 0) {
        const uint8_t *at = client->buffer + FILE_BUFFER_DATA;
        const uint8_t *end = at + answer.words[0];
        for (struct file_entry entry; at < end;
             at += FILE_ENTRY_BYTES(entry.name_size)) {
            memcpy(&entry, at, sizeof(entry));
            words[1] = entry.next_cookie;
            types[entry.type & 7]++;
            count++;
        }
    }
    mnos_printf("%s: %u entries, %u files, %u folders, %u links\n", name, count,
                types[FILE_TYPE_FILE], types[FILE_TYPE_DIRECTORY],
                types[FILE_TYPE_LINK]);
}

static void try_to_leave(const struct file_client *client)
{
    static const char *const names[] = {"link_out", "link_absolute", "link_dir", ".."};
    struct file_answer answer;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        for (uint32_t flags = 0; flags <= FILE_OPEN_FLAGS; flags++) {
            start_require(client_open(client, 0, names[i], flags, &answer) != FILE_OK,
                          names[i]);
        }
        start_require(attach(9, names[i], 0) != FILE_OK, "a session by a link");
    }
    start_require(client_on_name(client, FILE_UNLINK, 0, "../outside") == FILE_INVALID,
                  "a name with a slash");
    start_require(
        client_open(client, 0, "pipe", FILE_OPEN_READ, &answer) == FILE_NOT_SUPPORTED,
        "a FIFO is opened");
    mnos_printf("files: nothing leads out\n");
}

static void change(const struct file_client *client)
{
    const uint64_t roots[2] = {0, 0};

    start_require(
        client_on_name(client, FILE_MAKE_DIRECTORY, 0, "made") == FILE_OK &&
            client_on_names(client, FILE_RENAME, roots, "old", "new") == FILE_OK &&
            client_on_names(client, FILE_LINK, roots, "new", "second") == FILE_OK &&
            client_on_name(client, FILE_UNLINK, 0, "unwanted") == FILE_OK &&
            client_on_name(client, FILE_REMOVE_DIRECTORY, 0, "full") ==
                FILE_NOT_EMPTY &&
            client_on_name(client, FILE_REMOVE_DIRECTORY, 0, "empty") == FILE_OK &&
            client_on_name(client, FILE_STAT_AT, 0, "none") == FILE_NO_ENTRY,
        "changing names");
    mnos_printf("files: names changed\n");
}

int main(const struct mn_boot_info *boot_info)
{
    static struct init init;
    static struct started bus;
    static struct started driver;

    start_system(&init, boot_info);
    start_bus(&bus);
    start_driver(&driver, DRIVER, "virtio_9p", PCI_DEVICE_VIRTIO_9P);
    start_files(&driver);
    const struct file_client client = open_session(SESSION, 2, 0);
    read_file(&client, "hello.txt");
    write_large(&client, "large");
    list(&client, "many");
    list(&client, ".");
    try_to_leave(&client);
    change(&client);
    const struct file_client reader = open_session(READER, 3, FILE_ATTACH_READ_ONLY);
    read_file(&reader, "hello.txt");
    start_require(
        client_on_name(&reader, FILE_UNLINK, 0, "hello.txt") == FILE_READ_ONLY,
        "a read-only session");
    mnos_printf("files: done\n");
    start_end(&init);
    return 1;
}
