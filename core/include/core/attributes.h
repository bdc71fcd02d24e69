/**
 * attributes.h - what the compiler is told about functions beyond their types.
 */
#ifndef CORE_ATTRIBUTES_H
#define CORE_ATTRIBUTES_H

/** The caller must look at the returned status. */
#define MN_MUST_CHECK __attribute__((warn_unused_result))

/** Argument @p string (from 1) is a format, its arguments begin at @p first. */
#define MN_PRINTF(string, first) __attribute__((format(printf, string, first)))

#endif
