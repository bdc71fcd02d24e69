/**
 * strings.c - the string functions of include/string.h, plainly.
 */
#include <stdlib.h>
#include <string.h>

int strncmp(const char *a, const char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (a[i] != b[i] || a[i] == 0) {
            return (uint8_t)a[i] - (uint8_t)b[i];
        }
    }
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *string, int byte)
{
    while (*string != (char)byte) {
        if (*string++ == 0) {
            return NULL;
        }
    }
    return (char *)(uintptr_t)string;
}

char *strrchr(const char *string, int byte)
{
    for (size_t i = strlen(string) + 1; i-- > 0;) {
        if (string[i] == (char)byte) {
            return (char *)(uintptr_t)(string + i);
        }
    }
    return NULL;
}

char *strstr(const char *string, const char *part)
{
    size_t size = strlen(part);

    for (; strlen(string) >= size; string++) {
        if (memcmp(string, part, size) == 0) {
            return (char *)(uintptr_t)string;
        }
    }
    return NULL;
}

char *strdup(const char *string)
{
    size_t size = strlen(string) + 1;
    char *copy = malloc(size);

    return copy == NULL ? NULL : memcpy(copy, string, size);
}
