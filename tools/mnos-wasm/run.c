/**
 * run.c - `mnos-wasm run`: runs a program and ends with its status.
 */
#include "program.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

/* For the handler of SIGALRM: the program that runs, and whether time ran out. */
static struct program *volatile running;
static volatile sig_atomic_t is_timed_out;

static void on_alarm(int number)
{
    const struct program *program = running;

    (void)number;
    is_timed_out = 1;
    if (program != NULL && program->store != NULL) {
        wasm_store_interrupt(program->store);
    }
}

static struct timeval timeval_of(double seconds)
{
    time_t whole = (time_t)seconds;
    suseconds_t rest = (suseconds_t)((seconds - (double)whole) * 1e6);

    return (struct timeval){.tv_sec = whole,
                            .tv_usec = whole == 0 && rest == 0 ? 1 : rest};
}

/*
 * The timer goes on ticking: a signal that comes just before a blocking system call would
 * otherwise be lost. SA_RESTART is off, so such a call ends with EINTR.
 */
static void start_timer(double seconds)
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval timer = {.it_value = timeval_of(seconds),
                              .it_interval = {.tv_usec = 20000}};

    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void stop_timer(void)
{
    struct itimerval timer = {0};

    setitimer(ITIMER_REAL, &timer, NULL);
    running = NULL;
}

static void print_trap(const struct program *program)
{
    char text[8192];

    wasm_trap_print(wasm_store_trap(program->store), text, sizeof(text));
    size_t length = strlen(text);
    fflush(stdout);
    fprintf(stderr, "mnos-wasm: %s: %s%s", program->options->path, text,
            length > 0 && text[length - 1] == '\n' ? "" : "\n");
}

static int status_of(const struct program *program, enum wasm_trap_kind trap)
{
    switch (trap) {
    case WASM_TRAP_NONE:
        return STATUS_OK;
    case WASM_TRAP_EXIT:
        return wasm_store_trap(program->store)->exit_code & 0xFF;
    case WASM_TRAP_INTERRUPTED:
        if (is_timed_out != 0) {
            fflush(stdout);
            fprintf(stderr, "mnos-wasm: %s: stopped after %g seconds\n",
                    program->options->path, program->options->timeout_s);
            return STATUS_TIMEOUT;
        }
        break;
    default:
        break;
    }
    print_trap(program);
    return STATUS_TRAP;
}

static int run_program(struct program *program)
{
    enum wasm_trap_kind trap = WASM_TRAP_NONE;

    running = program;
    if (program->options->timeout_s > 0) {
        start_timer(program->options->timeout_s);
    }
    bool ran = program_instantiate(program, &trap);
    if (ran && trap == WASM_TRAP_NONE) {
        ran = program_call(program, true, &trap);
    }
    stop_timer();
    return ran ? status_of(program, trap) : STATUS_REFUSED;
}

int command_run(int argc, char **argv)
{
    struct program_options options;
    struct program program = {0};
    int status = STATUS_REFUSED;

    /* A program that writes to a closed pipe gets EPIPE and decides itself. */
    signal(SIGPIPE, SIG_IGN);
    if (program_options_parse("run", argc, argv, &options) &&
        program_load(&program, &options)) {
        status = run_program(&program);
    }
    program_close(&program);
    program_options_release(&options);
    if (fflush(stdout) != 0 && status == STATUS_OK) {
        status = refuse("cannot write to standard output");
    }
    return status;
}
