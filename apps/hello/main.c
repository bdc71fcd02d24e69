/**
 * main.c - hello: greets whom it is told to, or the world.
 *
 * Usage: hello [NAME]...
 */
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        puts("Hello, world!");
    }
    for (int i = 1; i < argc; i++) {
        printf("Hello, %s!\n", argv[i]);
    }
    return ferror(stdout) != 0 || fflush(stdout) != 0;
}
