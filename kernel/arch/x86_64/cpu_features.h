/**
 * cpu_features.h - what the CPU can do (core/cpu_features.h), and switching it on.
 *
 * The boot CPU is asked once; the others are taken to be like it.
 */
#ifndef ARCH_X86_64_CPU_FEATURES_H
#define ARCH_X86_64_CPU_FEATURES_H

#include "core/cpu_features.h"

/** The boot CPU's; valid after cpu_features_detect(). */
extern struct cpu_features cpu_features;

/** Fills cpu_features in. */
void cpu_features_detect(void);

/** On each CPU: sets EFER, CR0 and CR4 so (XCR0 is fpu.c's), clears DR7 and makes PAT
 *  entry 1 write-combining. */
void cpu_features_enable(void);

#endif
