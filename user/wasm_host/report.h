/**
 * report.h - what the supervisor is told: protocols/program.h, enum program_report.
 */
#ifndef WASM_HOST_REPORT_H
#define WASM_HOST_REPORT_H

#include "core/attributes.h"
#include "wasm_host/host.h"

/** Where the report area is; before the others. */
void report_open(uint64_t address);

void report_started(void);

void report_denied(const struct program_denial *denial);

/** Tells the end with the text that report_text() made, and ends the process. */
_Noreturn void report_ended(enum program_end end, int status, size_t text_size);

/** Where the text of report_ended() is written, PROGRAM_TEXT_MAX bytes. */
char *report_text(void);

#endif
