/**
 * mix.c - what CoreMark measures, in our words: a linked list searched, reversed and sorted,
 * matrices of small integers, a state machine over text, a CRC over the results.
 */
#include "bench.h"

enum { NODES = 400, N = 24, TEXT = 1000 };

struct node {
    struct node *next;
    int16_t key;
    int16_t value;
};

static struct node nodes[NODES];
static int16_t a[N][N];
static int16_t b[N][N];
static int32_t c[N][N];
static char text[TEXT + 1];

static uint16_t crc(uint16_t sum, uint32_t value)
{
    for (int i = 0; i < 32; i++) {
        uint32_t bit = (sum ^ value) & 1;
        sum >>= 1;
        value >>= 1;
        if (bit) {
            sum ^= 0xA001;
        }
    }
    return sum;
}

static struct node *reverse(struct node *list)
{
    struct node *done = NULL;

    while (list != NULL) {
        struct node *next = list->next;
        list->next = done;
        done = list;
        list = next;
    }
    return done;
}

static struct node *merge(struct node *l, struct node *r, int by_key)
{
    struct node head;
    struct node *tail = &head;

    while (l != NULL && r != NULL) {
        struct node **least =
            (by_key ? l->key <= r->key : l->value <= r->value) ? &l : &r;
        tail->next = *least;
        tail = *least;
        *least = (*least)->next;
    }
    tail->next = l != NULL ? l : r;
    return head.next;
}

static struct node *sort(struct node *list, int by_key)
{
    struct node *piles[16] = {NULL};
    struct node *sorted = NULL;

    while (list != NULL) {
        struct node *one = list;
        int i = 0;
        list = list->next;
        one->next = NULL;
        for (; i < 15 && piles[i] != NULL; i++) {
            one = merge(piles[i], one, by_key);
            piles[i] = NULL;
        }
        piles[i] = one;
    }
    for (int i = 0; i < 16; i++) {
        sorted = merge(piles[i], sorted, by_key);
    }
    return sorted;
}

static const struct node *find(const struct node *list, int16_t key)
{
    while (list != NULL && list->key != key) {
        list = list->next;
    }
    return list;
}

static uint16_t lists(uint16_t sum, int16_t seed)
{
    struct node *list = NULL;

    for (int i = 0; i < NODES; i++) {
        nodes[i] = (struct node){list, (int16_t)(i * 37 % 401), (int16_t)(i ^ seed)};
        list = &nodes[i];
    }
    list = reverse(sort(list, 1));
    for (int16_t key = 0; key < 100; key++) {
        const struct node *found = find(list, (int16_t)(key * 5));
        sum = crc(sum, found != NULL ? (uint32_t)found->value : 0xFFFF);
    }
    list = sort(list, 0);
    return crc(sum, (uint32_t)list->key);
}

static uint16_t matrices(uint16_t sum, int16_t seed)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = (int16_t)(i * seed + j);
            b[i][j] = (int16_t)(j * seed - i);
        }
    }
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            int32_t cell = 0;
            for (int k = 0; k < N; k++) {
                cell += a[i][k] * b[k][j];
            }
            c[i][j] = (cell >> 2 & 15) * (cell >> 5 & 127);
        }
        sum = crc(sum, (uint32_t)c[i][i]);
    }
    return sum;
}

enum state { START, SIGN, INTEGER, FRACTION, EXPONENT, INVALID, STATES };

/* One state machine, one switch.
   NOLINTNEXTLINE(readability-function-cognitive-complexity) */
static enum state step(enum state state, char ch)
{
    int is_digit = ch >= '0' && ch <= '9';

    switch (state) {
    case START:
        return is_digit ? INTEGER : ch == '-' ? SIGN : ch == '.' ? FRACTION : INVALID;
    case SIGN:
        return is_digit ? INTEGER : ch == '.' ? FRACTION : INVALID;
    case INTEGER:
        return is_digit    ? INTEGER
               : ch == '.' ? FRACTION
               : ch == 'e' ? EXPONENT
                           : INVALID;
    case FRACTION:
        return is_digit ? FRACTION : ch == 'e' ? EXPONENT : INVALID;
    case EXPONENT:
        return is_digit ? EXPONENT : INVALID;
    default:
        return INVALID;
    }
}

static uint16_t states(uint16_t sum)
{
    uint32_t counts[STATES] = {0};
    enum state state = START;

    for (const char *p = text; *p != 0; p++) {
        if (*p == ',') {
            counts[state]++;
            state = START;
        } else {
            state = step(state, *p);
        }
    }
    for (int i = 0; i < STATES; i++) {
        sum = crc(sum, counts[i]);
    }
    return sum;
}

int main(void)
{
    static const char alphabet[] = "0123456789.-e,,,12";
    uint32_t seed = 11;
    uint16_t sum = 0;

    for (int i = 0; i < TEXT; i++) {
        text[i] = alphabet[bench_random(&seed) % (sizeof(alphabet) - 1)];
    }
    for (int i = 0; i < 600 * SCALE; i++) {
        sum = lists(sum, (int16_t)i);
        sum = matrices(sum, (int16_t)i);
        sum = states(sum);
    }
    return bench_result("mix", sum);
}
