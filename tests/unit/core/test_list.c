/**
 * test_list.c - core/list beside a plain array that holds what the list should.
 */
#include "core/list.h"
#include "unit.h"

enum { ELEMENTS = 16 };

struct element {
    int before;
    struct list_node node;
    int number;
};

/** The list's order, as an array. */
struct model {
    int numbers[ELEMENTS];
    size_t count;
};

static void model_insert(struct model *model, size_t at, int number)
{
    memmove(model->numbers + at + 1, model->numbers + at,
            (model->count - at) * sizeof(int));
    model->numbers[at] = number;
    model->count++;
}

static void model_remove(struct model *model, int number)
{
    size_t at = 0;

    while (model->numbers[at] != number) {
        at++;
    }
    model->count--;
    memmove(model->numbers + at, model->numbers + at + 1,
            (model->count - at) * sizeof(int));
}

static void assert_same(struct list_node *head, const struct model *model)
{
    struct list_node *node = head;

    assert_int_equal(list_is_empty(head), model->count == 0);
    for (size_t i = 0; i < model->count; i++) {
        assert_ptr_equal(node->next->previous, node);
        node = node->next;
        assert_int_equal(container_of(node, struct element, node)->number,
                         model->numbers[i]);
    }
    assert_ptr_equal(node->next, head);
    assert_ptr_equal(head->previous, node);
}

static void insert_somewhere(struct list_node *head, struct model *model,
                             struct element *element, uint64_t random)
{
    switch (random % 3) {
    case 0:
        list_insert_after(head, &element->node);
        model_insert(model, 0, element->number);
        break;
    case 1:
        list_insert_before(head, &element->node);
        model_insert(model, model->count, element->number);
        break;
    default:
        if (model->count > 0) {
            list_insert_after(head->next, &element->node);
            model_insert(model, 1, element->number);
        }
        break;
    }
}

static void random_operations_match_the_array(void **state)
{
    struct element elements[ELEMENTS];
    struct list_node head;
    struct model model = {.count = 0};
    uint64_t seed = 0x2545F4914F6CDD1D;

    (void)state;
    list_init(&head);
    for (int i = 0; i < ELEMENTS; i++) {
        elements[i].number = i;
        list_init(&elements[i].node);
    }
    for (unsigned round = 0; round < 100000; round++) {
        uint64_t random = unit_random(&seed);
        struct element *element = &elements[random % ELEMENTS];

        if (random >> 32 & 1) {
            struct list_node *first = list_pop_front(&head);

            assert_int_equal(first == NULL, model.count == 0);
            if (first != NULL) {
                assert_int_equal(container_of(first, struct element, node)->number,
                                 model.numbers[0]);
                model_remove(&model, model.numbers[0]);
                assert_true(list_is_empty(first));
            }
        } else if (list_is_empty(&element->node)) {
            insert_somewhere(&head, &model, element, random >> 33);
        } else {
            list_remove(&element->node);
            list_remove(&element->node); /* a second time does nothing */
            model_remove(&model, element->number);
        }
        assert_same(&head, &model);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_match_the_array),
    };

    return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
