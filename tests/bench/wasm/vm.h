/**
 * vm.h - a small bytecode machine and its program, for the two workloads that interpret it
 * in different ways. The program runs a linear congruential generator and folds what it
 * gives into a sum, by one of two ways.
 */
#ifndef BENCH_VM_H
#define BENCH_VM_H

#include "bench.h"

enum { PUSH, LOAD, STORE, ADD, SUB, MUL, XOR, SHIFT, LESS, JUMP_IF, JUMP, HALT };

enum { COUNTER, SUM, SEED, LIMIT, VARIABLES };

struct vm {
    uint32_t pc;
    uint32_t sp;
    uint32_t stack[32];
    uint32_t variables[VARIABLES];
};

static const uint32_t program[] = {
    /*  0 */ LOAD, SEED,    PUSH, 1664525, MUL,   PUSH,    1013904223,
    ADD,           STORE,   SEED,
    /* 10 */ LOAD, SEED,    PUSH, 7,       SHIFT, LOAD,    SUM,
    LESS,          JUMP_IF, 28,
    /* 20 */ LOAD, SUM,     LOAD, SEED,    XOR,   STORE,   SUM,
    HALT + 1,
    /* 28 */ LOAD, SUM,     LOAD, SEED,    ADD,   STORE,   SUM,
    /* 35 */ LOAD, COUNTER, PUSH, 1,       ADD,   STORE,   COUNTER,
    /* 42 */ LOAD, COUNTER, LOAD, LIMIT,   LESS,  JUMP_IF, 0,
    HALT};

enum { NOP = HALT + 1, OPERATIONS };

#endif
