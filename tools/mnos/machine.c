/**
 * machine.c - see machine.h.
 */
#include "machine.h"
#include "complain.h"
#include "pump.h"
#include "qemu_process.h"
#include "qmp.h"
#include "terminal.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    QEMU_GRACE_MS = 2000, /**< between asking QEMU to end and making it */
    DRAIN_MS = 1000,      /**< how long the last output may take to get rid of */
    PROGRAM_GRACE_MS =
        2000 /**< between a signal for the program and the machine's end */
};

/** The places in the set that poll() waits on. */
enum {
    WAIT_OUTPUT,
    WAIT_INPUT,
    WAIT_QMP,
    WAIT_SIGNAL,
    WAIT_LINK,
    WAIT_COUNT = WAIT_LINK + LINK_HOST_POLLS
};

struct machine {
    pid_t qemu;
    bool running;
    int wait_status; /**< of QEMU, when it runs no more */
    const struct machine_config *config;
    int64_t deadline_ms;        /**< -1: none */
    int signal;                 /**< what the program was sent; 0: nothing */
    int64_t signal_deadline_ms; /**< when the program must have ended for it */
    int signals;                /**< a signalfd */
    int qemu_input;             /**< the write end of QEMU's standard input */
    int qemu_output;            /**< the read end of its standard output */
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

/** The pumps between the serial line and the user, as the configuration wants them. */
static void connect_serial(struct machine *machine)
{
    static const int outputs[] = {[MACHINE_SERIAL_USER] = STDOUT_FILENO,
                                  [MACHINE_SERIAL_ERROR] = STDERR_FILENO,
                                  [MACHINE_SERIAL_KEPT] = -1};
    bool user = machine->config->serial == MACHINE_SERIAL_USER;

    machine->input =
        (struct pump){.from = user ? STDIN_FILENO : -1, .to = machine->qemu_input};
    machine->output = (struct pump){.from = machine->qemu_output,
                                    .to = outputs[machine->config->serial]};
}

static bool start_qemu(struct machine *machine, struct arguments *qemu)
{
    int input[2];
    int output[2];
    int qmp;
    struct qemu_ends ends;

    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) {
        complain_errno("cannot make a pipe");
        return false;
    }
    if (!qmp_open(&machine->qmp, &qmp)) {
        return false;
    }
    ends = (struct qemu_ends){
        .input = input[0],
        .output = output[1],
        .qmp = qmp,
        .link = machine->config->link != NULL ? machine->config->link_qemu_end : -1};
    machine->qemu = qemu_process_start(qemu, &ends);
    machine->running = machine->qemu > 0;
    machine->qemu_input = input[1];
    machine->qemu_output = output[0];
    connect_serial(machine);
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

/** Hands a signal of the user's on to the program, once; the machine ends if it does not
 *  end for it, if it can't be told, and on a second signal. */
static void signal_program(struct machine *machine, int number)
{
    enum link_signal signal = LINK_TERMINATE;

    if (number == SIGINT) {
        signal = LINK_INTERRUPT;
    } else if (number == SIGHUP) {
        signal = LINK_HANGUP;
    }
    if (machine->signal != 0 || machine->config->link == NULL ||
        !link_host_signal(machine->config->link, signal)) {
        end_machine(machine, MACHINE_SIGNALLED, number);
        return;
    }
    machine->signal = number;
    machine->signal_deadline_ms = now_ms() + PROGRAM_GRACE_MS;
}

static void on_signal(struct machine *machine)
{
    struct signalfd_siginfo signal;

    if (read(machine->signals, &signal, sizeof(signal)) != sizeof(signal) ||
        signal.ssi_signo == SIGTSTP) {
        return;
    }
    if (signal.ssi_signo != SIGCHLD) {
        signal_program(machine, (int)signal.ssi_signo);
    } else if (waitpid(machine->qemu, &machine->wait_status, WNOHANG) ==
               machine->qemu) {
        machine->running = false;
        judge_qemu(machine);
    }
}

/** Keeps the last of what the serial line said. */
static void keep_output(struct machine_result *result, const char *bytes, size_t size)
{
    size_t over;

    if (size > sizeof(result->kept)) {
        bytes += size - sizeof(result->kept);
        size = sizeof(result->kept);
    }
    over = result->kept_bytes + size > sizeof(result->kept)
               ? result->kept_bytes + size - sizeof(result->kept)
               : 0;
    memmove(result->kept, result->kept + over, result->kept_bytes - over);
    memcpy(result->kept + result->kept_bytes - over, bytes, size);
    result->kept_bytes += size - over;
}

/** Something can be done on the way from the machine to the user. */
static void on_output(struct machine *machine)
{
    struct pump *output = &machine->output;

    if (pump_is_full(output)) {
        pump_write(output);
    } else if (pump_read(output)) {
        backtrace_watch(&machine->result->backtrace, output->buffer, output->end);
        keep_output(machine->result, output->buffer, output->end);
    }
    if (output->to < 0 && machine->config->serial != MACHINE_SERIAL_KEPT) {
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
    } else if (pump_read(input) && machine->config->interactive) {
        input->end =
            terminal_filter_keys(&machine->keys, input->buffer, input->end, &leave);
    }
    if (leave) {
        end_machine(machine, MACHINE_LEFT, 0);
    }
}

/** Milliseconds until the next deadline, as poll() wants it. */
static int time_left(const struct machine *machine)
{
    int64_t deadline = machine->deadline_ms;
    int64_t left;

    if (machine->signal != 0 &&
        (deadline < 0 || machine->signal_deadline_ms < deadline)) {
        deadline = machine->signal_deadline_ms;
    }
    if (deadline < 0) {
        return -1;
    }
    left = deadline - now_ms();
    return left < 0 ? 0 : (int)(left < INT_MAX ? left : INT_MAX);
}

/** A deadline is over. */
static void on_time(struct machine *machine)
{
    if (machine->signal != 0 && now_ms() >= machine->signal_deadline_ms) {
        end_machine(machine, MACHINE_SIGNALLED, machine->signal);
    } else if (machine->deadline_ms >= 0 && now_ms() >= machine->deadline_ms) {
        end_machine(machine, MACHINE_TIMED_OUT, 0);
    }
}

/** What the link wants; nothing where there is none. */
static void link_wanted(const struct machine *machine, struct pollfd *wait)
{
    if (machine->config->link != NULL) {
        link_host_wanted(machine->config->link, wait);
        return;
    }
    for (unsigned i = 0; i < LINK_HOST_POLLS; i++) {
        wait[i] = (struct pollfd){.fd = -1};
    }
}

/** Serves the link; its end is the machine's. */
static void on_link(struct machine *machine, const struct pollfd *wait)
{
    struct link_host *link = machine->config->link;

    link_host_serve(link, wait);
    if (!link_host_is_over(link)) {
        return;
    }
    if (link->output_gone) {
        end_machine(machine, MACHINE_SIGNALLED, SIGPIPE);
    } else if (link->broken) {
        end_machine(machine, MACHINE_LINK_BROKEN, 0);
    } else if (link->status >= 0) {
        end_machine(machine, MACHINE_PROGRAM_ENDED, link->status);
    }
}

/** Waits once, and does what can be done then. */
static void run_once(struct machine *machine)
{
    struct pollfd wait[WAIT_COUNT] = {
        [WAIT_OUTPUT] = pump_wanted(&machine->output),
        [WAIT_INPUT] = pump_wanted(&machine->input),
        [WAIT_QMP] = {.fd = machine->qmp.socket, .events = POLLIN},
        [WAIT_SIGNAL] = {.fd = machine->signals, .events = POLLIN},
    };
    int ready;

    link_wanted(machine, wait + WAIT_LINK);
    ready = poll(wait, WAIT_COUNT, time_left(machine));
    on_time(machine);
    if (ready <= 0) {
        return;
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
    if (machine->running && machine->config->link != NULL) {
        on_link(machine, wait + WAIT_LINK);
    }
    if (machine->running && wait[WAIT_SIGNAL].revents != 0) {
        on_signal(machine);
    }
}

static void run_loop(struct machine *machine)
{
    while (machine->running) {
        run_once(machine);
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

bool machine_run(struct arguments *qemu, const struct machine_config *config,
                 struct machine_result *out_result)
{
    struct machine machine = {.config = config, .result = out_result};
    sigset_t taken;
    sigset_t before;
    bool started = false;

    *out_result = (struct machine_result){0};
    signal(SIGPIPE, SIG_IGN);
    fill_signals(&taken);
    sigprocmask(SIG_BLOCK, &taken, &before);
    machine.deadline_ms =
        config->timeout_ms == 0 ? -1 : now_ms() + (int64_t)config->timeout_ms;
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
