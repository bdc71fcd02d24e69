/**
 * string.h - what the suite's runner uses of it, in ring 3.
 */
#ifndef GUEST_SPEC_STRING_H
#define GUEST_SPEC_STRING_H

#include "core/bytes.h"

int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
char *strchr(const char *string, int byte);
char *strrchr(const char *string, int byte);
char *strstr(const char *string, const char *part);
char *strdup(const char *string);

#endif
