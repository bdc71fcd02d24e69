/**
 * machine.c - see machine.h.
 */
#include "machine.h"
#include "complain.h"
#include "pump.h"
#include "qmp.h"
#include "terminal.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    QEMU_GRACE_MS = 2000, /**< between asking QEMU to end and making it */
    DRAIN_MS = 1000       /**< how long the last output may take to get rid of */
};

/** The places in the set that poll() waits on. */
enum { WAIT_OUTPUT, WAIT_INPUT, WAIT_QMP, WAIT_SIGNAL, WAIT_COUNT };

struct machine {
    pid_t qemu;
    bool running;
    int wait_status; /**< of QEMU, when it runs no more */
    bool interactive;
    int64_t deadline_ms; /**< -1: none */
    int signals;         /**< a signalfd */
    int qemu_input;      /**< the write end of QEMU's standard input */
    int qemu_output;     /**< the read end of its standard output */
    struct qmp qmp;
    struct pump output; /**< the serial line to this command's standard output */
    struct pump input;  /**< this command's standard input to the serial line */
    struct terminal_keys keys;
    struct machine_result *result;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/** The signals that the loop takes: those that end a command, and a child's end. */
static void fill_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGQUIT);
    sigaddset(set, SIGCHLD);
    /* Stopped by this one it would leave a raw terminal behind: it is not taken. */
    sigaddset(set, SIGTSTP);
}

/** In the child: becomes QEMU. @p input and @p output are its ends of the pipes. */
static void become_qemu(const struct arguments *qemu, pid_t parent, int input,
                        int output, int qmp)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* A process group of its own: Ctrl-C is for the command, which then ends QEMU. */
    setpgid(0, 0);
    if (getppid() == parent && dup2(input, STDIN_FILENO) >= 0 &&
        dup2(output, STDOUT_FILENO) >= 0 && fcntl(qmp, F_SETFD, 0) == 0) {
        execvp(qemu->words[0], qemu->words);
        perror(qemu->words[0]);
    }
    _exit(1);
}

static bool start_qemu(struct machine *machine, struct arguments *qemu)
{
    int input[2];
    int output[2];
    int qmp;
    pid_t parent = getpid();

    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) {
        complain_errno("cannot make a pipe");
        return false;
    }
    if (!qmp_open(&machine->qmp, &qmp)) {
        return false;
    }
    arguments_add_pair(qemu, "-chardev", "stdio,id=com1,signal=off");
    arguments_add_pair(qemu, "-serial", "chardev:com1");
    arguments_add(qemu, "-chardev");
    arguments_add(qemu, "socket,id=qmp,fd=%d", qmp);
    arguments_add_pair(qemu, "-mon", "chardev=qmp,mode=control");
    arguments_add(qemu, "-S");
    machine->qemu = fork();
    if (machine->qemu == 0) {
        become_qemu(qemu, parent, input[0], output[1], qmp);
    }
    close(input[0]);
    close(output[1]);
    close(qmp);
    machine->running = machine->qemu > 0;
    machine->qemu_input = input[1];
    machine->qemu_output = output[0];
    machine->input = (struct pump){.from = STDIN_FILENO, .to = input[1]};
    machine->output = (struct pump){.from = output[0], .to = STDOUT_FILENO};
    if (!machine->running) {
        complain_errno("cannot start a process");
    }
    return machine->running;
}

/** Asks QEMU to end, then makes it, and takes its status. */
static void stop_qemu(struct machine *machine)
{
    int64_t deadline = now_ms();

    if (!machine->running) {
        return;
    }
    if (qmp_quit(&machine->qmp)) {
        deadline += QEMU_GRACE_MS;
    }
    while (waitpid(machine->qemu, &machine->wait_status, WNOHANG) == 0) {
        struct timespec pause = {.tv_nsec = 5000000};
        if (now_ms() >= deadline) {
            kill(machine->qemu, SIGKILL);
        }
        nanosleep(&pause, NULL);
    }
    machine->running = false;
}

static void end_machine(struct machine *machine, enum machine_end end, int value)
{
    machine->result->end = end;
    machine->result->value = value;
    stop_qemu(machine);
}

/** Says what QEMU's own end means. */
static void judge_qemu(struct machine *machine)
{
    int status = machine->wait_status;
    struct machine_result *result = machine->result;

    qmp_read(&machine->qmp);
    result->end = MACHINE_NOT_STARTED;
    if (WIFEXITED(status) && WEXITSTATUS(status) > 1 &&
        (WEXITSTATUS(status) & 1) != 0) {
        /* isa-debug-exit: the status v that the guest wrote is (v << 1) | 1 here. */
        result->end = MACHINE_FAILED;
        result->value = WEXITSTATUS(status) >> 1;
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
               machine->qmp.shutdown == QMP_GUEST_SHUTDOWN) {
        result->end = MACHINE_POWERED_OFF;
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
               machine->qmp.shutdown == QMP_GUEST_RESET) {
        result->end = MACHINE_RESET;
    }
}

static void on_signal(struct machine *machine)
{
    struct signalfd_siginfo signal;

    if (read(machine->signals, &signal, sizeof(signal)) != sizeof(signal) ||
        signal.ssi_signo == SIGTSTP) {
        return;
    }
    if (signal.ssi_signo != SIGCHLD) {
        end_machine(machine, MACHINE_SIGNALLED, (int)signal.ssi_signo);
    } else if (waitpid(machine->qemu, &machine->wait_status, WNOHANG) ==
               machine->qemu) {
        machine->running = false;
        judge_qemu(machine);
    }
}

/** Something can be done on the way from the machine to the user. */
static void on_output(struct machine *machine)
{
    struct pump *output = &machine->output;

    if (pump_is_full(output)) {
        pump_write(output);
    } else if (pump_read(output)) {
        backtrace_watch(&machine->result->backtrace, output->buffer, output->end);
    }
    if (output->to < 0) {
        /* Nobody reads any more, as in `mnos boot | head`. */
        end_machine(machine, MACHINE_SIGNALLED, SIGPIPE);
    }
}

/** Something can be done on the way from the user to the machine. */
static void on_input(struct machine *machine)
{
    struct pump *input = &machine->input;
    bool leave = false;

    if (pump_is_full(input)) {
        pump_write(input);
    } else if (pump_read(input) && machine->interactive) {
        input->end =
            terminal_filter_keys(&machine->keys, input->buffer, input->end, &leave);
    }
    if (leave) {
        end_machine(machine, MACHINE_LEFT, 0);
    }
}

/** Milliseconds until the deadline, as poll() wants it. */
static int time_left(const struct machine *machine)
{
    int64_t left = machine->deadline_ms - now_ms();

    if (machine->deadline_ms < 0) {
        return -1;
    }
    return left < 0 ? 0 : (int)left;
}

static void run_loop(struct machine *machine)
{
    while (machine->running) {
        struct pollfd wait[WAIT_COUNT] = {
            [WAIT_OUTPUT] = pump_wanted(&machine->output),
            [WAIT_INPUT] = pump_wanted(&machine->input),
            [WAIT_QMP] = {.fd = machine->qmp.socket, .events = POLLIN},
            [WAIT_SIGNAL] = {.fd = machine->signals, .events = POLLIN},
        };
        int ready = poll(wait, WAIT_COUNT, time_left(machine));

        if (ready == 0) {
            end_machine(machine, MACHINE_TIMED_OUT, 0);
        }
        if (ready <= 0) {
            continue;
        }
        if (wait[WAIT_OUTPUT].revents != 0) {
            on_output(machine);
        }
        if (wait[WAIT_QMP].revents != 0) {
            qmp_read(&machine->qmp);
        }
        if (machine->running && wait[WAIT_INPUT].revents != 0) {
            on_input(machine);
        }
        if (machine->running && wait[WAIT_SIGNAL].revents != 0) {
            on_signal(machine);
        }
    }
}

/** Passes on what QEMU had written when it ended. */
static void drain(struct machine *machine)
{
    int64_t deadline = now_ms() + DRAIN_MS;

    while (machine->output.from >= 0 || pump_is_full(&machine->output)) {
        struct pollfd wait = pump_wanted(&machine->output);
        int64_t left = deadline - now_ms();

        if (left <= 0 || poll(&wait, 1, (int)left) <= 0) {
            return;
        }
        on_output(machine);
    }
}

bool machine_run(struct arguments *qemu, unsigned timeout_s, bool interactive,
                 struct machine_result *out_result)
{
    struct machine machine = {.interactive = interactive, .result = out_result};
    sigset_t taken;
    sigset_t before;
    bool started = false;

    *out_result = (struct machine_result){0};
    signal(SIGPIPE, SIG_IGN);
    fill_signals(&taken);
    sigprocmask(SIG_BLOCK, &taken, &before);
    machine.deadline_ms = timeout_s == 0 ? -1 : now_ms() + (int64_t)timeout_s * 1000;
    machine.signals = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
    if (machine.signals >= 0 && start_qemu(&machine, qemu)) {
        started = true;
        if (!qmp_start_machine(&machine.qmp)) {
            end_machine(&machine, MACHINE_NOT_STARTED, 0);
        }
        run_loop(&machine);
        drain(&machine);
        close(machine.qemu_input);
        close(machine.qemu_output);
        qmp_close(&machine.qmp);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return started;
}
