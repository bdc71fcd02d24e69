/**
 * test_resolve.c - path resolution: no path leaves the directory, whatever is in it.
 */
#include "fake_tree.h"
#include "unit.h"
#include "wasi/resolve.h"
#include <stdio.h>

/* The outside has a secret; what a program is given is the directory "given" in it. */
struct fixture {
    struct fake_tree tree;
    struct fake_node *given;
    struct wasi_backend backend;
    struct wasi_object *base;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct fake_tree *tree = &fixture->tree;

    fake_tree_init(tree);
    fake_tree_add(tree, &tree->nodes[0], FAKE_FILE, "secret", NULL);
    fixture->given =
        fake_tree_add(tree, &tree->nodes[0], FAKE_DIRECTORY, "given", NULL);
    struct fake_node *a =
        fake_tree_add(tree, fixture->given, FAKE_DIRECTORY, "a", NULL);
    struct fake_node *b = fake_tree_add(tree, a, FAKE_DIRECTORY, "b", NULL);
    fake_tree_add(tree, b, FAKE_FILE, "file", NULL);
    fake_tree_add(tree, fixture->given, FAKE_FILE, "top", NULL);
    fake_tree_add(tree, fixture->given, FAKE_LINK, "to_b", "a/b");
    fake_tree_add(tree, fixture->given, FAKE_LINK, "to_file", "a/./b//file");
    fake_tree_add(tree, b, FAKE_LINK, "up_twice", "../../top");
    fake_tree_add(tree, b, FAKE_LINK, "escape", "../../../secret");
    fake_tree_add(tree, fixture->given, FAKE_LINK, "absolute", "/secret");
    fake_tree_add(tree, fixture->given, FAKE_LINK, "loop", "loop");
    fake_tree_add(tree, fixture->given, FAKE_LINK, "ping", "pong");
    fake_tree_add(tree, fixture->given, FAKE_LINK, "pong", "ping");
    fake_tree_add(tree, fixture->given, FAKE_LINK, "dangling", "a/missing");
    fake_tree_add(tree, fixture->given, FAKE_LINK, "empty", "");
    fixture->backend = fake_tree_backend(tree);
    fixture->base = fake_tree_open(tree, fixture->given);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    fixture->backend.close(&fixture->tree, fixture->base);
    assert_int_equal(fixture->tree.open_count, 0); /* nothing leaked */
    fake_tree_release(&fixture->tree);
    free(fixture);
    return 0;
}

/* Resolves and compares; `directory` is the node's name, "given" for the top. */
static void expect_place(struct fixture *fixture, const char *path,
                         enum wasi_follow follow, const char *directory,
                         const char *name, bool must_be_directory)
{
    static struct wasi_place place;
    enum wasi_errno error = wasi_resolve(&fixture->backend, fixture->base, path,
                                         strlen(path), follow, &place);

    assert_int_equal(error, WASI_SUCCESS);
    assert_string_equal(place.directory->node->name, directory);
    assert_string_equal(place.name, name);
    assert_int_equal(place.must_be_directory, must_be_directory);
    wasi_place_release(&fixture->backend, &place);
    assert_int_equal(fixture->tree.open_count, 1);
}

static void expect_error(struct fixture *fixture, const char *path,
                         enum wasi_follow follow, enum wasi_errno expected)
{
    static struct wasi_place place;
    enum wasi_errno error = wasi_resolve(&fixture->backend, fixture->base, path,
                                         strlen(path), follow, &place);

    assert_int_equal(error, expected);
    assert_int_equal(fixture->tree.open_count, 1);
}

static void test_plain_paths(void **state)
{
    struct fixture *f = *state;

    expect_place(f, "top", WASI_FOLLOW_ALWAYS, "given", "top", false);
    expect_place(f, "new", WASI_FOLLOW_ALWAYS, "given", "new", false);
    expect_place(f, "a/b/file", WASI_FOLLOW_ALWAYS, "b", "file", false);
    expect_place(f, "./a//./b///file", WASI_FOLLOW_NEVER, "b", "file", false);
    expect_place(f, "a/b/", WASI_FOLLOW_NEVER, "a", "b", true);
    expect_place(f, "a/b//", WASI_FOLLOW_IF_SLASH, "a", "b", true);
    expect_place(f, ".", WASI_FOLLOW_NEVER, "given", ".", true);
    expect_place(f, "./", WASI_FOLLOW_ALWAYS, "given", ".", true);
    expect_place(f, "a/.", WASI_FOLLOW_NEVER, "a", ".", true);
    expect_place(f, "...", WASI_FOLLOW_NEVER, "given", "...", false);
    expect_place(f, "..a", WASI_FOLLOW_NEVER, "given", "..a", false);
}

static void test_dot_dot(void **state)
{
    struct fixture *f = *state;

    expect_place(f, "a/..", WASI_FOLLOW_NEVER, "given", ".", true);
    expect_place(f, "a/b/../b/../../top", WASI_FOLLOW_ALWAYS, "given", "top", false);
    expect_error(f, "..", WASI_FOLLOW_NEVER, WASI_ENOTCAPABLE);
    expect_error(f, "../", WASI_FOLLOW_NEVER, WASI_ENOTCAPABLE);
    expect_error(f, "../given/top", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    expect_error(f, "a/../../secret", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    expect_error(f, "a/b/../../../secret", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    expect_error(f, "to_b/../../../secret", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    /* `..` is where the link led to, not where it stands: to_b/.. is a. */
    expect_place(f, "to_b/../b/file", WASI_FOLLOW_ALWAYS, "b", "file", false);
    expect_error(f, "missing/../top", WASI_FOLLOW_ALWAYS, WASI_ENOENT);
    expect_error(f, "top/../top", WASI_FOLLOW_ALWAYS, WASI_ENOTDIR);
}

static void test_refused_forms(void **state)
{
    struct fixture *f = *state;
    static struct wasi_place place;

    expect_error(f, "", WASI_FOLLOW_ALWAYS, WASI_ENOENT);
    expect_error(f, "/", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    expect_error(f, "/secret", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    expect_error(f, "//a", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    assert_int_equal(
        wasi_resolve(&f->backend, f->base, "top\0x", 5, WASI_FOLLOW_ALWAYS, &place),
        WASI_EINVAL);
    expect_error(f, "missing/x", WASI_FOLLOW_ALWAYS, WASI_ENOENT);
    expect_error(f, "top/x", WASI_FOLLOW_ALWAYS, WASI_ENOTDIR);
}

static void test_links(void **state)
{
    struct fixture *f = *state;

    expect_place(f, "to_b", WASI_FOLLOW_NEVER, "given", "to_b", false);
    expect_place(f, "to_b", WASI_FOLLOW_IF_SLASH, "given", "to_b", false);
    expect_place(f, "to_b", WASI_FOLLOW_ALWAYS, "a", "b", false);
    expect_place(f, "to_b/", WASI_FOLLOW_NEVER, "given", "to_b", true);
    expect_place(f, "to_b/", WASI_FOLLOW_IF_SLASH, "a", "b", true);
    expect_place(f, "to_b/file", WASI_FOLLOW_NEVER, "b", "file", false);
    expect_place(f, "to_file", WASI_FOLLOW_ALWAYS, "b", "file", false);
    expect_place(f, "to_b/up_twice", WASI_FOLLOW_ALWAYS, "given", "top", false);
    expect_place(f, "dangling", WASI_FOLLOW_ALWAYS, "a", "missing", false);
    expect_error(f, "to_file/x", WASI_FOLLOW_ALWAYS, WASI_ENOTDIR);
    expect_error(f, "dangling/x", WASI_FOLLOW_ALWAYS, WASI_ENOENT);
    expect_error(f, "empty", WASI_FOLLOW_ALWAYS, WASI_ENOENT);
}

static void test_links_that_escape(void **state)
{
    struct fixture *f = *state;

    expect_error(f, "a/b/escape", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    expect_error(f, "to_b/escape", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    expect_error(f, "a/b/escape/x", WASI_FOLLOW_NEVER, WASI_ENOTCAPABLE);
    expect_error(f, "absolute", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
    expect_error(f, "absolute/", WASI_FOLLOW_IF_SLASH, WASI_ENOTCAPABLE);
    expect_error(f, "absolute/x", WASI_FOLLOW_NEVER, WASI_ENOTCAPABLE);
    /* The link itself can be looked at and removed. */
    expect_place(f, "absolute", WASI_FOLLOW_NEVER, "given", "absolute", false);
    expect_place(f, "a/b/escape", WASI_FOLLOW_NEVER, "b", "escape", false);
}

static void test_loops_are_bounded(void **state)
{
    struct fixture *f = *state;
    char name[16];
    char target[16];

    expect_error(f, "loop", WASI_FOLLOW_ALWAYS, WASI_ELOOP);
    expect_error(f, "loop/x", WASI_FOLLOW_NEVER, WASI_ELOOP);
    expect_error(f, "ping", WASI_FOLLOW_ALWAYS, WASI_ELOOP);
    expect_place(f, "loop", WASI_FOLLOW_NEVER, "given", "loop", false);
    /* A chain c0 -> c1 -> ... -> top of exactly the bound is fine, one more is not. */
    for (int i = 0; i <= WASI_PATH_LINKS_MAX; i++) {
        snprintf(name, sizeof(name), "c%d", i);
        snprintf(target, sizeof(target), "c%d", i + 1);
        fake_tree_add(&f->tree, f->given, FAKE_LINK, name,
                      i == WASI_PATH_LINKS_MAX ? "top" : target);
    }
    expect_place(f, "c1", WASI_FOLLOW_ALWAYS, "given", "top", false);
    expect_error(f, "c0", WASI_FOLLOW_ALWAYS, WASI_ELOOP);
}

static void test_lengths(void **state)
{
    struct fixture *f = *state;
    char name[WASI_NAME_MAX + 2];
    char path[WASI_PATH_MAX + 1];
    char target[FAKE_TARGET_MAX];

    memset(name, 'n', sizeof(name));
    name[WASI_NAME_MAX] = '\0';
    expect_place(f, name, WASI_FOLLOW_ALWAYS, "given", name, false);
    name[WASI_NAME_MAX] = 'n';
    name[WASI_NAME_MAX + 1] = '\0';
    expect_error(f, name, WASI_FOLLOW_ALWAYS, WASI_ENAMETOOLONG);
    memset(path, '/', sizeof(path));
    path[0] = 'a';
    path[WASI_PATH_MAX - 1] = '\0';
    expect_place(f, path, WASI_FOLLOW_NEVER, "given", "a", true);
    path[WASI_PATH_MAX - 1] = '/';
    path[WASI_PATH_MAX] = '\0';
    expect_error(f, path, WASI_FOLLOW_NEVER, WASI_ENAMETOOLONG);
    /* A target that fits, but not in front of the rest; and one that fits in nothing. */
    memset(target, 'x', sizeof(target));
    target[WASI_PATH_MAX - 2] = '\0';
    fake_tree_add(&f->tree, f->given, FAKE_LINK, "long", target);
    expect_error(f, "long/xyz", WASI_FOLLOW_ALWAYS, WASI_ENAMETOOLONG);
    target[WASI_PATH_MAX - 2] = 'x';
    target[FAKE_TARGET_MAX - 1] = '\0';
    fake_tree_add(&f->tree, f->given, FAKE_LINK, "longer", target);
    expect_error(f, "longer", WASI_FOLLOW_ALWAYS, WASI_ENAMETOOLONG);
}

static void test_depth_is_bounded(void **state)
{
    struct fixture *f = *state;
    struct fake_node *node = f->given;
    char path[WASI_PATH_MAX] = "";

    for (int i = 0; i < WASI_PATH_DEPTH_MAX; i++) {
        node = fake_tree_add(&f->tree, node, FAKE_DIRECTORY, "d", NULL);
        strcat(path, "d/");
    }
    strcpy(node->name, "d");
    strcat(path, "x");
    expect_place(f, path, WASI_FOLLOW_ALWAYS, "d", "x", false);
    fake_tree_add(&f->tree, node, FAKE_DIRECTORY, "d", NULL);
    path[strlen(path) - 1] = '\0';
    strcat(path, "d/x");
    expect_error(f, path, WASI_FOLLOW_ALWAYS, WASI_ENAMETOOLONG);
}

/* A directory becomes a link to the outside between two looks at it. */
static void test_race_does_not_escape(void **state)
{
    struct fixture *f = *state;

    f->tree.swapped = fake_tree_child(&f->tree, f->given, "a");
    f->tree.swapped_target = "../secret";
    expect_error(f, "a/b/file", WASI_FOLLOW_ALWAYS, WASI_ENOTCAPABLE);
}

/* --- against a model: the same walk written another way, on random trees --- */

struct model {
    struct fixture *fixture;
    const struct fake_node *at;
    unsigned links;
    bool failed;
};

/* Walks all components of `path`; recursive, with nodes instead of open objects. */
static void model_walk(struct model *model, const char *path, bool follow_last)
{
    while (!model->failed && *path != '\0') {
        size_t size = strcspn(path, "/");
        const char *rest = path + size + strspn(path + size, "/");
        char name[300];
        memcpy(name, path, size);
        name[size] = '\0';
        bool is_last = *rest == '\0';
        path = rest;
        if (model->at->kind != FAKE_DIRECTORY) {
            model->failed = true;
        } else if (strcmp(name, "..") == 0) {
            model->failed = model->at == model->fixture->given;
            model->at = model->failed ? model->at : model->at->parent;
        } else if (strcmp(name, ".") != 0 && size > 0) {
            const struct fake_node *child =
                fake_tree_child(&model->fixture->tree, model->at, name);
            if (child == NULL) {
                model->failed = true;
            } else if (child->kind == FAKE_LINK && (!is_last || follow_last)) {
                model->failed = child->target[0] == '/' || child->target[0] == '\0' ||
                                ++model->links > WASI_PATH_LINKS_MAX;
                if (!model->failed) {
                    model_walk(model, child->target, true);
                }
            } else {
                model->at = child;
            }
        }
    }
}

static void random_path(uint64_t *seed, char *path, unsigned components)
{
    static const char *const names[] = {"a", "b", "c", "..", ".", "d"};

    path[0] = '\0';
    for (unsigned i = 0; i < components; i++) {
        strcat(path, i > 0 ? "/" : "");
        strcat(path, names[unit_random(seed) % 6]);
    }
}

/* The node that a place is, or NULL. */
static const struct fake_node *node_at(struct fixture *fixture,
                                       const struct wasi_place *place)
{
    return strcmp(place->name, ".") == 0
               ? place->directory->node
               : fake_tree_child(&fixture->tree, place->directory->node, place->name);
}

static void check_against_model(struct fixture *fixture, const char *path)
{
    static struct wasi_place place;
    struct model model = {.fixture = fixture, .at = fixture->given};

    model_walk(&model, path, true);
    enum wasi_errno error = wasi_resolve(&fixture->backend, fixture->base, path,
                                         strlen(path), WASI_FOLLOW_ALWAYS, &place);
    if (error != WASI_SUCCESS) {
        assert_true(model.failed);
        return;
    }
    const struct fake_node *node = node_at(fixture, &place);
    if (model.failed) {
        assert_null(node); /* a last name that is missing is a place, but no node */
    } else {
        assert_ptr_equal(node, model.at);
    }
    wasi_place_release(&fixture->backend, &place);
}

static void test_random_trees_against_model(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 0x5eed;
    unsigned first = f->tree.count;

    for (int round = 0; round < 2000; round++) {
        static const char *const names[] = {"a", "b", "c", "d"};
        char path[64];
        while (f->tree.count > first) {
            free(f->tree.nodes[--f->tree.count].target);
            f->tree.nodes[f->tree.count].target = NULL;
        }
        struct fake_node *top =
            fake_tree_add(&f->tree, &f->tree.nodes[0], FAKE_DIRECTORY, "given2", NULL);
        struct fake_node *nodes[12] = {top};
        f->given = top;
        f->base->node = top;
        for (unsigned i = 1; i < 12; i++) {
            struct fake_node *parent = nodes[unit_random(&seed) % i];
            const char *name = names[unit_random(&seed) % 4];
            nodes[i] = top;
            if (parent->kind != FAKE_DIRECTORY ||
                fake_tree_child(&f->tree, parent, name) != NULL) {
                continue;
            }
            random_path(&seed, path, 1 + unit_random(&seed) % 3);
            unsigned kind = unit_random(&seed) % 4;
            nodes[i] = fake_tree_add(
                &f->tree, parent,
                kind < 2 ? FAKE_DIRECTORY : (kind == 2 ? FAKE_FILE : FAKE_LINK), name,
                path);
        }
        for (int i = 0; i < 50; i++) {
            random_path(&seed, path, 1 + unit_random(&seed) % 6);
            check_against_model(f, path);
        }
        assert_int_equal(f->tree.open_count, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_plain_paths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dot_dot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused_forms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_links_that_escape, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_loops_are_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lengths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_depth_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_race_does_not_escape, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_random_trees_against_model, set_up,
                                        tear_down)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
