/** vm_indirect.c - the same machine, one function an operation: call_indirect. */
#include "vm.h"

typedef void operation(struct vm *vm);

static void push(struct vm *vm)
{
    vm->stack[vm->sp++] = program[vm->pc++];
}

static void load(struct vm *vm)
{
    vm->stack[vm->sp++] = vm->variables[program[vm->pc++]];
}

static void store(struct vm *vm)
{
    vm->variables[program[vm->pc++]] = vm->stack[--vm->sp];
}

static void add(struct vm *vm)
{
    vm->sp--;
    vm->stack[vm->sp - 1] += vm->stack[vm->sp];
}

static void sub(struct vm *vm)
{
    vm->sp--;
    vm->stack[vm->sp - 1] -= vm->stack[vm->sp];
}

static void mul(struct vm *vm)
{
    vm->sp--;
    vm->stack[vm->sp - 1] *= vm->stack[vm->sp];
}

static void xor
    (struct vm * vm) {
        vm->sp--;
        vm->stack[vm->sp - 1] ^= vm->stack[vm->sp];
    }

    static void shift(struct vm *vm)
{
    vm->sp--;
    vm->stack[vm->sp - 1] >>= vm->stack[vm->sp] & 31;
}

static void less(struct vm *vm)
{
    vm->sp--;
    vm->stack[vm->sp - 1] = vm->stack[vm->sp - 1] < vm->stack[vm->sp];
}

static void jump_if(struct vm *vm)
{
    vm->pc = vm->stack[--vm->sp] != 0 ? program[vm->pc] : vm->pc + 1;
}

static void jump(struct vm *vm)
{
    vm->pc = program[vm->pc];
}

static void nop(struct vm *vm)
{
    (void)vm;
}

static operation *const operations[OPERATIONS] = {
    [PUSH] = push, [LOAD] = load,       [STORE] = store, [ADD] = add,
    [SUB] = sub,   [MUL] = mul,         [XOR] = xor,     [SHIFT] = shift,
    [LESS] = less, [JUMP_IF] = jump_if, [JUMP] = jump,   [NOP] = nop};

int main(void)
{
    struct vm vm = {.variables = {[SEED] = 42, [LIMIT] = 1000000 * SCALE}};

    while (program[vm.pc] != HALT) {
        operations[program[vm.pc++]](&vm);
    }
    return bench_result("vm_indirect", vm.variables[SUM]);
}
