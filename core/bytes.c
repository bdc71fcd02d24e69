/**
 * bytes.c - the memory functions for freestanding builds (a host build uses libc's).
 *
 * Copies run by `rep movsb` and `rep stosq`, which every x86-64 since Ivy Bridge runs
 * at full width; under an instruction count each iteration counts one, so the quad
 * form is used where the size allows it.
 */
#include "core/bytes.h"

static void copy_forward(void *destination, const void *source, size_t size)
{
    size_t words = size / 8;
    size_t rest = size % 8;

    __asm__ volatile("rep movsq"
                     : "+D"(destination), "+S"(source), "+c"(words)
                     :
                     : "memory");
    __asm__ volatile("rep movsb"
                     : "+D"(destination), "+S"(source), "+c"(rest)
                     :
                     : "memory");
}

void *memcpy(void *restrict destination, const void *restrict source, size_t size)
{
    copy_forward(destination, source, size);
    return destination;
}

void *memmove(void *destination, const void *source, size_t size)
{
    uint8_t *to = destination;
    const uint8_t *from = source;

    if ((uintptr_t)to - (uintptr_t)from >= size) {
        copy_forward(destination, source, size);
        return destination;
    }
    while (size > 0) {
        size--;
        to[size] = from[size];
        __asm__ volatile(""
                         :
                         :
                         : "memory"); /* keep the loop: it must not call memmove */
    }
    return destination;
}

void *memset(void *destination, int value, size_t size)
{
    void *to = destination;
    uint64_t pattern = (uint8_t)value * 0x0101010101010101ull;
    size_t words = size / 8;
    size_t rest = size % 8;

    __asm__ volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(pattern) : "memory");
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(rest) : "a"(pattern) : "memory");
    return destination;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *left = a;
    const uint8_t *right = b;

    for (size_t i = 0; i < size; i++) {
        if (left[i] != right[i]) {
            return left[i] - right[i];
        }
    }
    return 0;
}

size_t strlen(const char *string)
{
    size_t length = 0;

    while (string[length] != '\0') {
        length++;
        __asm__ volatile(""
                         :
                         :
                         : "memory"); /* keep the loop: it must not call strlen */
    }
    return length;
}
