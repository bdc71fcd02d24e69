/**
 * format.c - see format.h.
 */
#include "core/format.h"
#include "core/bytes.h"
#include <stdbool.h>
#include <stdint.h>

/** Digits of the longest number: 64 bits in decimal. */
enum { NUMBER_MAX = 20 };

/** Where the text goes, and the bytes that went there. */
struct output {
    format_sink sink;
    void *context;
    size_t written;
};

/** The arguments that are left; a struct, so that a pointer to it can be passed on. */
struct arguments {
    va_list list;
};

enum length {
    LENGTH_CHAR,
    LENGTH_SHORT,
    LENGTH_INT,
    LENGTH_LONG,
    LENGTH_LONG_LONG,
    LENGTH_SIZE,
    LENGTH_INTMAX,
    LENGTH_PTRDIFF
};
_Static_assert(sizeof(intmax_t) == sizeof(long long), "they are read as the same");

/** One directive behind its '%'. */
struct directive {
    bool left;
    bool zero;
    bool has_precision;
    size_t width;
    size_t precision;
    enum length length;
    char conversion;
};

static void put(struct output *output, const char *bytes, size_t size)
{
    if (size > 0) {
        output->sink(output->context, bytes, size);
        output->written += size;
    }
}

static void put_repeated(struct output *output, char byte, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put(output, &byte, 1);
    }
}

/** Writes @p size bytes at @p text, padded with spaces to the directive's width. */
static void put_padded(struct output *output, const struct directive *directive,
                       const char *text, size_t size)
{
    size_t padding = directive->width > size ? directive->width - size : 0;

    if (!directive->left) {
        put_repeated(output, ' ', padding);
    }
    put(output, text, size);
    if (directive->left) {
        put_repeated(output, ' ', padding);
    }
}

/** Reads a width or precision: digits, or '*' for an int argument, which is negative
 *  when @p out_negative says so. */
static const char *parse_number(const char *format, struct arguments *arguments,
                                size_t *out_number, bool *out_negative)
{
    size_t number = 0;

    *out_negative = false;
    if (*format == '*') {
        int argument = va_arg(arguments->list, int);

        *out_negative = argument < 0;
        *out_number = argument < 0 ? 0u - (unsigned)argument : (unsigned)argument;
        return format + 1;
    }
    for (; *format >= '0' && *format <= '9'; format++) {
        if (number <= FORMAT_FIELD_MAX) {
            number = number * 10 + (size_t)(*format - '0');
        }
    }
    *out_number = number;
    return format;
}

static const char *parse_length(const char *format, enum length *out_length)
{
    bool twice = format[0] != '\0' && format[1] == format[0];

    switch (*format) {
    case 'h':
        *out_length = twice ? LENGTH_CHAR : LENGTH_SHORT;
        return format + (twice ? 2 : 1);
    case 'l':
        *out_length = twice ? LENGTH_LONG_LONG : LENGTH_LONG;
        return format + (twice ? 2 : 1);
    case 'z':
        *out_length = LENGTH_SIZE;
        return format + 1;
    case 'j':
        *out_length = LENGTH_INTMAX;
        return format + 1;
    case 't':
        *out_length = LENGTH_PTRDIFF;
        return format + 1;
    default:
        *out_length = LENGTH_INT;
        return format;
    }
}

/** Reads the directive at @p format, behind its '%'; returns what follows it. */
static const char *parse_directive(const char *format, struct arguments *arguments,
                                   struct directive *out_directive)
{
    struct directive directive = {0};
    bool negative;

    for (; *format == '-' || *format == '0'; format++) {
        directive.left |= *format == '-';
        directive.zero |= *format == '0';
    }
    format = parse_number(format, arguments, &directive.width, &negative);
    directive.left |= negative;
    if (directive.width > FORMAT_FIELD_MAX) {
        directive.width = FORMAT_FIELD_MAX;
    }
    if (*format == '.') {
        format = parse_number(format + 1, arguments, &directive.precision, &negative);
        directive.has_precision = !negative;
    }
    format = parse_length(format, &directive.length);
    directive.conversion = *format;
    *out_directive = directive;
    return *format == '\0' ? format : format + 1;
}

static int64_t signed_argument(struct arguments *arguments, enum length length)
{
    switch (length) {
    case LENGTH_CHAR:
        return (signed char)va_arg(arguments->list, int);
    case LENGTH_SHORT:
        return (short)va_arg(arguments->list, int);
    case LENGTH_LONG:
        return va_arg(arguments->list, long);
    case LENGTH_LONG_LONG:
    case LENGTH_INTMAX:
        return va_arg(arguments->list, long long);
    case LENGTH_SIZE:
    case LENGTH_PTRDIFF:
        return va_arg(arguments->list, ptrdiff_t);
    case LENGTH_INT:
        break;
    }
    return va_arg(arguments->list, int);
}

static uint64_t unsigned_argument(struct arguments *arguments, enum length length)
{
    switch (length) {
    case LENGTH_CHAR:
        return (unsigned char)va_arg(arguments->list, unsigned);
    case LENGTH_SHORT:
        return (unsigned short)va_arg(arguments->list, unsigned);
    case LENGTH_LONG:
        return va_arg(arguments->list, unsigned long);
    case LENGTH_LONG_LONG:
    case LENGTH_INTMAX:
        return va_arg(arguments->list, unsigned long long);
    case LENGTH_SIZE:
    case LENGTH_PTRDIFF:
        return va_arg(arguments->list, size_t);
    case LENGTH_INT:
        break;
    }
    return va_arg(arguments->list, unsigned);
}

/** Writes the digits of @p value to the end of @p digits; returns where they begin. */
static size_t number_digits(char digits[NUMBER_MAX], uint64_t value, unsigned base,
                            bool upper)
{
    const char *alphabet = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    size_t begin = NUMBER_MAX;

    for (; value > 0; value /= base) {
        begin--;
        digits[begin] = alphabet[value % base];
    }
    return begin;
}

/** How many digits at least: the precision, or the width that zeros shall fill. */
static size_t least_digits(const struct directive *directive, size_t sign_size)
{
    size_t least = 1;

    if (directive->has_precision) {
        least = directive->precision;
    } else if (directive->zero && !directive->left &&
               directive->width > sign_size + 1) {
        least = directive->width - sign_size;
    }
    return least > FORMAT_FIELD_MAX ? FORMAT_FIELD_MAX : least;
}

/** Writes a number: @p sign, zeros, digits, padded to the width. */
static void put_number(struct output *output, const struct directive *directive,
                       const char *sign, uint64_t value, unsigned base)
{
    char digits[NUMBER_MAX];
    size_t begin = number_digits(digits, value, base, directive->conversion == 'X');
    size_t digit_count = NUMBER_MAX - begin;
    size_t sign_size = strlen(sign);
    size_t least = least_digits(directive, sign_size);
    size_t zeros = least > digit_count ? least - digit_count : 0;
    size_t size = sign_size + zeros + digit_count;
    size_t padding = directive->width > size ? directive->width - size : 0;

    if (!directive->left) {
        put_repeated(output, ' ', padding);
    }
    put(output, sign, sign_size);
    put_repeated(output, '0', zeros);
    put(output, digits + begin, digit_count);
    if (directive->left) {
        put_repeated(output, ' ', padding);
    }
}

static void put_signed(struct output *output, const struct directive *directive,
                       int64_t value)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    put_number(output, directive, value < 0 ? "-" : "", magnitude, 10);
}

static void put_string(struct output *output, const struct directive *directive,
                       const char *string)
{
    size_t size = 0;

    if (string == NULL) {
        string = "(null)";
    }
    while ((!directive->has_precision || size < directive->precision) &&
           string[size] != '\0') {
        size++;
    }
    put_padded(output, directive, string, size);
}

/** Writes one directive with its argument; false if it is not understood. */
static bool put_directive(struct output *output, const struct directive *directive,
                          struct arguments *arguments)
{
    char byte;

    switch (directive->conversion) {
    case 'd':
    case 'i':
        put_signed(output, directive, signed_argument(arguments, directive->length));
        return true;
    case 'u':
        put_number(output, directive, "",
                   unsigned_argument(arguments, directive->length), 10);
        return true;
    case 'x':
    case 'X':
        put_number(output, directive, "",
                   unsigned_argument(arguments, directive->length), 16);
        return true;
    case 'p':
        put_number(output, directive, "0x", (uintptr_t)va_arg(arguments->list, void *),
                   16);
        return true;
    case 'c':
        byte = (char)va_arg(arguments->list, int);
        put_padded(output, directive, &byte, 1);
        return true;
    case 's':
        put_string(output, directive, va_arg(arguments->list, const char *));
        return true;
    case '%':
        put(output, "%", 1);
        return true;
    default:
        return false;
    }
}

static void put_format(struct output *output, const char *format,
                       struct arguments *arguments)
{
    while (*format != '\0') {
        struct directive directive;
        const char *rest;
        size_t plain = 0;

        while (format[plain] != '\0' && format[plain] != '%') {
            plain++;
        }
        put(output, format, plain);
        format += plain;
        if (*format == '\0') {
            return;
        }
        rest = parse_directive(format + 1, arguments, &directive);
        if (!put_directive(output, &directive, arguments)) {
            put(output, format, strlen(format));
            return;
        }
        format = rest;
    }
}

size_t format_write_v(format_sink sink, void *context, const char *format,
                      va_list arguments)
{
    struct output output = {.sink = sink, .context = context, .written = 0};
    struct arguments left;

    va_copy(left.list, arguments);
    put_format(&output, format, &left);
    va_end(left.list);
    return output.written;
}

size_t format_write(format_sink sink, void *context, const char *format, ...)
{
    va_list arguments;
    size_t written;

    va_start(arguments, format);
    written = format_write_v(sink, context, format, arguments);
    va_end(arguments);
    return written;
}

/** What is left of a buffer; one byte is kept for the zero. */
struct buffer {
    char *next;
    size_t room;
};

static void buffer_sink(void *context, const char *bytes, size_t size)
{
    struct buffer *buffer = context;
    size_t taken = size < buffer->room ? size : buffer->room;

    if (taken > 0) {
        memcpy(buffer->next, bytes, taken);
        buffer->next += taken;
        buffer->room -= taken;
    }
}

size_t format_buffer_v(char *buffer, size_t size, const char *format, va_list arguments)
{
    struct buffer target = {.next = buffer, .room = size > 0 ? size - 1 : 0};
    size_t written = format_write_v(buffer_sink, &target, format, arguments);

    if (size > 0) {
        *target.next = '\0';
    }
    return written;
}

size_t format_buffer(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    size_t written;

    va_start(arguments, format);
    written = format_buffer_v(buffer, size, format, arguments);
    va_end(arguments);
    return written;
}
