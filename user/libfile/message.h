/**
 * message.h - a message of the file system protocol, as both sides handle it.
 */
#ifndef LIBFILE_MESSAGE_H
#define LIBFILE_MESSAGE_H

#include "protocols/file.h"

/** A request's label and words; a reply's take their place. */
struct file_message {
    uint64_t label;
    uint64_t words[3];
};

#endif
