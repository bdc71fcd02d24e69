/**
 * test_leftist_heap.c - core/leftist_heap: its order, its depth, and random runs beside
 * its model.
 */
#include "core/leftist_heap.h"
#include "model/heap_model.h"
#include "unit.h"

enum { MANY = 4096, RUNS = 8, STEPS = 4000 };

static void test_empty(void **state)
{
    struct leftist_heap heap = {0};
    struct leftist_node node = {0};

    (void)state;
    assert_null(leftist_heap_first(&heap));
    assert_false(leftist_node_is_in_heap(&node));
    leftist_heap_insert(&heap, &node, 7);
    assert_true(leftist_node_is_in_heap(&node));
    assert_ptr_equal(leftist_heap_first(&heap), &node);
    leftist_heap_remove(&heap, &node);
    assert_false(leftist_node_is_in_heap(&node));
    assert_null(leftist_heap_first(&heap));
}

/** Inserted ascending, descending and mixed, they come out in order. */
static void test_sorts(void **state)
{
    static struct leftist_node nodes[MANY];

    (void)state;
    for (unsigned how = 0; how < 3; how++) {
        struct leftist_heap heap = {0};

        for (uint64_t i = 0; i < MANY; i++) {
            uint64_t keys[] = {i, MANY - 1 - i, i * 2654435761u % MANY};

            leftist_heap_insert(&heap, &nodes[i], keys[how]);
            assert_true(heap.root->rank <= 13); /* log2(MANY + 1) */
        }
        for (uint64_t i = 0; i < MANY; i++) {
            assert_int_equal(leftist_heap_first(&heap)->key, i);
            leftist_heap_remove(&heap, leftist_heap_first(&heap));
        }
        assert_null(leftist_heap_first(&heap));
    }
}

static void test_random(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct choices choices = {.seed = seed * 0x9e3779b97f4a7c15u};

        heap_model_run(&choices, STEPS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_sorts),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
