/**
 * log_reader.h - threads that wait for the kernel's log to grow. Lock: the kernel's.
 */
#ifndef PROCESS_LOG_READER_H
#define PROCESS_LOG_READER_H

/** Once, at boot. */
void log_reader_init(void);

/** Blocks the current thread, in READ_LOG, which it makes anew when the log has grown. */
_Noreturn void log_reader_wait(void);

/** The log has grown. */
void log_reader_notify(void);

#endif
