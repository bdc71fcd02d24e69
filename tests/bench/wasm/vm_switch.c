/** vm_switch.c - an interpreter in the interpreter, by a switch: br_table. */
#include "vm.h"

static void run(struct vm *vm)
{
    uint32_t pc = vm->pc;
    uint32_t sp = vm->sp;
    uint32_t *stack = vm->stack;

    for (;;) {
        switch (program[pc++]) {
        case PUSH:
            stack[sp++] = program[pc++];
            break;
        case LOAD:
            stack[sp++] = vm->variables[program[pc++]];
            break;
        case STORE:
            vm->variables[program[pc++]] = stack[--sp];
            break;
        case ADD:
            sp--;
            stack[sp - 1] += stack[sp];
            break;
        case SUB:
            sp--;
            stack[sp - 1] -= stack[sp];
            break;
        case MUL:
            sp--;
            stack[sp - 1] *= stack[sp];
            break;
        case XOR:
            sp--;
            stack[sp - 1] ^= stack[sp];
            break;
        case SHIFT:
            sp--;
            stack[sp - 1] >>= stack[sp] & 31;
            break;
        case LESS:
            sp--;
            stack[sp - 1] = stack[sp - 1] < stack[sp];
            break;
        case JUMP_IF:
            pc = stack[--sp] != 0 ? program[pc] : pc + 1;
            break;
        case JUMP:
            pc = program[pc];
            break;
        case NOP:
            break;
        default:
            return;
        }
    }
}

int main(void)
{
    struct vm vm = {.variables = {[SEED] = 42, [LIMIT] = 1500000 * SCALE}};

    run(&vm);
    return bench_result("vm_switch", vm.variables[SUM]);
}
