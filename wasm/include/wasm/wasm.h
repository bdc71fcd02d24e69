/**
 * wasm.h - the WebAssembly engine's public interface.
 *
 * What an embedder does, in order:
 *   wasm_engine_create     configuration and platform (where memory comes from)
 *   wasm_module_load       decode and validate bytes; immutable afterwards
 *   wasm_store_create      what instances live in, with its limits; one thread at a time
 *   wasm_linker_*          what a module may import: host functions, other instances
 *   wasm_instantiate       imports resolved, segments copied, the start function run
 *   wasm_call              exported functions; a trap is a value, never a signal
 *
 * Invariants. There is no global state. An engine and its modules do not change once made
 * and may be used by several threads at once; a store and what lives in it belong to one
 * thread at a time, save for wasm_store_interrupt(). Every allocation comes from the
 * embedder's platform and may fail: the call then gives WASM_OUT_OF_MEMORY and nothing
 * leaks. Nothing here needs a C library.
 *
 * Ownership. `create` and `load` return what the caller releases with the function of the
 * same noun. Engine before module before store: release in reverse. What a store holds
 * (instances, functions, memories, tables, globals, tags, exceptions) lives until
 * wasm_store_release(); there is no earlier release, as references to them travel freely.
 *
 * Source: WebAssembly Core Specification 3.0, appendix 7.1 (embedding).
 */
#ifndef WASM_WASM_H
#define WASM_WASM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WASM_MUST_CHECK __attribute__((warn_unused_result))

struct wasm_engine;
struct wasm_module;
struct wasm_store;
struct wasm_linker;
struct wasm_instance;
struct wasm_function;
struct wasm_memory;
struct wasm_table;
struct wasm_global;
struct wasm_tag;
struct wasm_exception;

/* --- Status and errors ---------------------------------------------------------- */

/** Why a call failed. */
enum wasm_status {
    WASM_OK = 0,
    WASM_OUT_OF_MEMORY, /**< the platform's allocator said no */
    WASM_MALFORMED,     /**< the bytes are not a module of the binary format */
    WASM_INVALID,       /**< decoded, but not valid (spec chapter 3) */
    WASM_UNSUPPORTED, /**< a component, or a proposal that is absent or switched off */
    WASM_TOO_LARGE, /**< beyond a limit that the specification leaves to engines (7.2) */
    WASM_UNLINKABLE, /**< an import has no definition, or one of another type */
    WASM_TRAPPED,    /**< instantiation trapped; see wasm_store_trap() */
    WASM_NOT_FOUND,  /**< no export or item of that name and kind */
    WASM_BAD_ARGUMENT /**< the embedder's own mistake: a signature string, a value's type */
};

/** Where in a module something is wrong. */
enum wasm_section {
    WASM_SECTION_CUSTOM = 0,
    WASM_SECTION_TYPE,
    WASM_SECTION_IMPORT,
    WASM_SECTION_FUNCTION,
    WASM_SECTION_TABLE,
    WASM_SECTION_MEMORY,
    WASM_SECTION_GLOBAL,
    WASM_SECTION_EXPORT,
    WASM_SECTION_START,
    WASM_SECTION_ELEMENT,
    WASM_SECTION_CODE,
    WASM_SECTION_DATA,
    WASM_SECTION_DATA_COUNT,
    WASM_SECTION_TAG,
    WASM_SECTION_HEADER, /**< the eight bytes before the first section */
    WASM_SECTION_NONE    /**< not in a module: linking, the embedder's arguments */
};

#define WASM_NO_INDEX UINT32_MAX

/** What went wrong and where; the caller's memory, filled only on failure. */
struct wasm_error {
    enum wasm_status status;
    enum wasm_section section;
    uint32_t function; /**< function index, or WASM_NO_INDEX outside of a body */
    uint64_t offset;   /**< byte of the module, from its beginning */
    char message
        [192]; /**< one line, zero-terminated: what was found, what was expected */
};

/** The status as a few words ("out of memory"); static. */
const char *wasm_status_text(enum wasm_status status);

/** The section's name ("code"); static. */
const char *wasm_section_text(enum wasm_section section);

/**
 * Writes "section code, function 3 \"main\", offset 0x1f: message" with a terminating zero into
 * @p buffer of @p size bytes, cut where it does not fit. Returns the bytes written before
 * the zero. @p module may be NULL: no name then.
 */
size_t wasm_error_print(const struct wasm_error *error,
                        const struct wasm_module *module, char *buffer, size_t size);

/* --- Values and types ----------------------------------------------------------- */

/** Value types as the binary format writes them; references without their exact type. */
enum wasm_value_kind {
    WASM_I32 = 0x7F,
    WASM_I64 = 0x7E,
    WASM_F32 = 0x7D,
    WASM_F64 = 0x7C,
    WASM_V128 = 0x7B,
    WASM_FUNCREF = 0x70,   /**< funcref and every typed function reference */
    WASM_EXTERNREF = 0x6F, /**< externref */
    WASM_EXNREF = 0x69     /**< exnref */
};

/**
 * A value; its type is known from context. A reference is null when `ref` is 0. A function
 * reference is a struct wasm_function *, an exception reference a struct wasm_exception *,
 * an external reference any number but 0 that the embedder likes.
 */
union wasm_value {
    uint32_t i32;
    uint64_t i64;
    float f32;
    double f64;
    uint64_t ref;
    struct wasm_function *function;
    struct wasm_exception *exception;
    uint64_t v128[2]; /**< little-endian: lane 0 in the low bits of v128[0] */
};

/** A name of a module: UTF-8, not zero-terminated, in the module's bytes. */
struct wasm_name {
    const char *bytes;
    uint32_t size;
};

/* --- Platform and engine -------------------------------------------------------- */

/** A hardware fault inside guarded memory, as the platform's `enter` reports it. */
struct wasm_fault {
    uint64_t address; /**< the faulting data address */
    uint64_t program_counter;
    uint64_t
        registers[16]; /**< rax rcx rdx rbx rsp rbp rsi rdi r8 … r15, at the fault */
};

/**
 * What the engine asks of its embedder. The first two functions are required. The others
 * are optional, all or none of `reserve`, `commit` and `unreserve`:
 *  - without them a linear memory is one allocation that may move when it grows;
 *  - with them it is a reservation that grows in place;
 *  - with `enter` as well, a 32-bit memory is reserved with guard pages behind it
 *    and its accesses run without bounds checks.
 * All functions may be called by every thread that uses the engine.
 */
struct wasm_platform {
    void *context; /**< first argument of every function */
    /** @p size bytes (above 0), aligned to 16, contents undefined; NULL when there are none. */
    void *(*allocate)(void *context, size_t size);
    /** Gives back what `allocate` or `reallocate` returned; @p size as it was asked for. */
    void (*release)(void *context, void *pointer, size_t size);
    /** As C's realloc, both sizes above 0. NULL here: the engine allocates and copies. */
    void *(*reallocate)(void *context, void *pointer, size_t old_size, size_t new_size);
    /** Address space of @p size bytes, page-aligned, every access faults; NULL: none left. */
    void *(*reserve)(void *context, size_t size);
    /** Makes [@p base, +@p size) of a reservation zeroed, readable and writable. */
    bool (*commit)(void *context, void *base, size_t size);
    /** Gives a whole reservation back. */
    void (*unreserve)(void *context, void *base, size_t size);
    /**
     * Calls @p function(@p argument). Returns true when it returned; false when an access
     * to an uncommitted part of a reservation faulted meanwhile: then *@p out_fault is
     * filled and the call was abandoned. Nests, one level a call.
     */
    bool (*enter)(void *context, void (*function)(void *argument), void *argument,
                  struct wasm_fault *out_fault);
};

/** Proposals, as bits. A module that uses one which is off is refused with its name. */
enum wasm_feature {
    WASM_FEATURE_SIGN_EXTENSION = 1 << 0,
    WASM_FEATURE_SATURATING_CONVERSIONS = 1 << 1,
    WASM_FEATURE_MULTI_VALUE = 1 << 2,
    WASM_FEATURE_BULK_MEMORY = 1 << 3,
    WASM_FEATURE_REFERENCE_TYPES = 1 << 4,
    WASM_FEATURE_SIMD = 1 << 5,
    WASM_FEATURE_RELAXED_SIMD = 1 << 6,
    WASM_FEATURE_TAIL_CALLS = 1 << 7,
    WASM_FEATURE_EXTENDED_CONSTANTS = 1 << 8,
    WASM_FEATURE_EXCEPTIONS = 1 << 9,
    WASM_FEATURE_LEGACY_EXCEPTIONS = 1 << 10,
    WASM_FEATURE_FUNCTION_REFERENCES = 1 << 11,
    WASM_FEATURE_MULTI_MEMORY = 1 << 12,
    WASM_FEATURE_MEMORY64 = 1 << 13,
    /** Recursive function types, constants that read earlier globals: GC's part of 3.0. */
    WASM_FEATURE_RECURSIVE_TYPES = 1 << 14,
    WASM_FEATURE_GC = 1 << 15, /**< the rest of GC: known by name, always refused */
    WASM_FEATURE_THREADS = 1 << 16, /**< known by name, always refused */
    /** WebAssembly 1.0. */
    WASM_FEATURES_1 = 0,
    /** WebAssembly 2.0. */
    WASM_FEATURES_2 = (1 << 6) - 1,
    /** All that this engine has. */
    WASM_FEATURES_ALL = (1 << 15) - 1
};

/** The proposal's name for one bit ("tail calls"); static. */
const char *wasm_feature_text(enum wasm_feature feature);

struct wasm_engine_config {
    struct wasm_platform platform; /**< copied */
    uint32_t features;             /**< WASM_FEATURE_* that modules may use */
    bool explicit_bounds; /**< check bounds even where guard pages are possible */
};

/** Makes an engine. WASM_OUT_OF_MEMORY; WASM_BAD_ARGUMENT: a required function is missing. */
WASM_MUST_CHECK enum wasm_status
wasm_engine_create(const struct wasm_engine_config *config,
                   struct wasm_engine **out_engine);

/** Inverse of wasm_engine_create(); its modules and stores are gone before. NULL is fine. */
void wasm_engine_release(struct wasm_engine *engine);

/* --- Modules -------------------------------------------------------------------- */

/**
 * Decodes and validates the module in @p bytes, which stay the caller's, and must stay in
 * place and unchanged until wasm_module_release(). One pass over the bytes; after it nothing
 * in the module can make the engine misbehave.
 *
 * WASM_MALFORMED, WASM_INVALID, WASM_UNSUPPORTED, WASM_TOO_LARGE, WASM_OUT_OF_MEMORY; each
 * fills *@p out_error (which may be NULL).
 */
WASM_MUST_CHECK enum wasm_status wasm_module_load(struct wasm_engine *engine,
                                                  const void *bytes, size_t size,
                                                  struct wasm_module **out_module,
                                                  struct wasm_error *out_error);

/** Inverse of wasm_module_load(); stores that hold its instances are gone before. */
void wasm_module_release(struct wasm_module *module);

/** Kinds of imports and exports, numbered as in the binary format (5.5.5). */
enum wasm_extern_kind {
    WASM_EXTERN_FUNCTION = 0,
    WASM_EXTERN_TABLE,
    WASM_EXTERN_MEMORY,
    WASM_EXTERN_GLOBAL,
    WASM_EXTERN_TAG
};

/** The kind's name ("function"); static. */
const char *wasm_extern_kind_text(enum wasm_extern_kind kind);

struct wasm_import {
    struct wasm_name module;
    struct wasm_name name;
    enum wasm_extern_kind kind;
    uint32_t index; /**< in the index space of its kind */
};

struct wasm_export {
    struct wasm_name name;
    enum wasm_extern_kind kind;
    uint32_t index;
};

uint32_t wasm_module_import_count(const struct wasm_module *module);
uint32_t wasm_module_export_count(const struct wasm_module *module);

/** The @p index-th import, below wasm_module_import_count(). */
struct wasm_import wasm_module_import(const struct wasm_module *module, uint32_t index);

/** The @p index-th export, below wasm_module_export_count(). */
struct wasm_export wasm_module_export(const struct wasm_module *module, uint32_t index);

/** WASM_FEATURE_* bits of the proposals that the module uses. */
uint32_t wasm_module_features(const struct wasm_module *module);

/** Functions of the module, imported ones included. */
uint32_t wasm_module_function_count(const struct wasm_module *module);

/** A function's name from the name section, or else an export's; size 0: it has none. */
struct wasm_name wasm_module_function_name(const struct wasm_module *module,
                                           uint32_t function);

/**
 * Writes the type of an import or export for people, e.g. "(func (param i32 i32) (result
 * i32))", zero-terminated and cut to @p size. Returns the bytes before the zero.
 */
size_t wasm_module_type_print(const struct wasm_module *module,
                              enum wasm_extern_kind kind, uint32_t index, char *buffer,
                              size_t size);

/* --- Stores --------------------------------------------------------------------- */

#define WASM_NO_FUEL UINT64_MAX /**< no fuel is counted */

/** What all instances of one store may use together; 0 stands for the default. */
struct wasm_limits {
    uint64_t memory_bytes;   /**< sum over memories; default: only their types limit */
    uint64_t table_elements; /**< sum over tables; default 10,000,000 */
    /**
     * Bytes of the Wasm stack, of operands and calls; default 1 MiB. It is the limit on call
     * depth too: a frame takes 56 bytes at least, and how many calls of one function fit is
     * the same on every run.
     */
    uint64_t stack_bytes;
    uint32_t host_depth; /**< nested wasm_call()s by host functions; default 64 */
};

/** Makes a store. @p limits may be NULL: all defaults. WASM_OUT_OF_MEMORY. */
WASM_MUST_CHECK enum wasm_status wasm_store_create(struct wasm_engine *engine,
                                                   const struct wasm_limits *limits,
                                                   struct wasm_store **out_store);

/** Releases the store and all that lives in it. NULL is fine. */
void wasm_store_release(struct wasm_store *store);

/**
 * Makes functions stop with WASM_TRAP_OUT_OF_FUEL when @p fuel units are used; WASM_NO_FUEL:
 * never. Whether fuel is counted at all is fixed by the last call before the first
 * instantiation: later calls refill. The same module with the same fuel and the same
 * host stops at the same instruction.
 */
void wasm_store_set_fuel(struct wasm_store *store, uint64_t fuel);

/** Fuel left; WASM_NO_FUEL when it is not counted. */
uint64_t wasm_store_fuel(const struct wasm_store *store);

/**
 * Makes running code stop soon with WASM_TRAP_INTERRUPTED; when none runs, the next
 * call does. Any thread or signal handler may call it. One interrupt stops one outermost call.
 */
void wasm_store_interrupt(struct wasm_store *store);

/** The embedder's pointer: not looked at by the engine. */
void wasm_store_set_data(struct wasm_store *store, void *data);
void *wasm_store_data(const struct wasm_store *store);

/* --- Traps ---------------------------------------------------------------------- */

/** Why execution ended early. */
enum wasm_trap_kind {
    WASM_TRAP_NONE = 0, /**< it did not */
    WASM_TRAP_UNREACHABLE,
    WASM_TRAP_INTEGER_DIVIDE_BY_ZERO,
    WASM_TRAP_INTEGER_OVERFLOW,
    WASM_TRAP_INVALID_CONVERSION, /**< NaN to an integer */
    WASM_TRAP_MEMORY_OUT_OF_BOUNDS,
    WASM_TRAP_TABLE_OUT_OF_BOUNDS,
    WASM_TRAP_UNDEFINED_ELEMENT,     /**< call_indirect beyond the table */
    WASM_TRAP_UNINITIALIZED_ELEMENT, /**< call_indirect of null */
    WASM_TRAP_INDIRECT_CALL_TYPE,    /**< call_indirect of a function of another type */
    WASM_TRAP_NULL_REFERENCE,
    WASM_TRAP_NULL_FUNCTION_REFERENCE,
    WASM_TRAP_NULL_EXCEPTION_REFERENCE,
    WASM_TRAP_STACK_EXHAUSTED,
    WASM_TRAP_OUT_OF_FUEL,
    WASM_TRAP_INTERRUPTED,
    WASM_TRAP_OUT_OF_MEMORY, /**< the engine's own allocation (code, exception) failed */
    WASM_TRAP_EXCEPTION, /**< a Wasm exception that nobody caught: wasm_store_exception() */
    WASM_TRAP_HOST,      /**< a host function gave up: see the message */
    WASM_TRAP_EXIT       /**< a host function ended the program: see exit_code */
};

/** The trap's text as the specification's tests spell it ("integer overflow"); static. */
const char *wasm_trap_text(enum wasm_trap_kind kind);

#define WASM_BACKTRACE_FRAMES 32

/** One Wasm function on the stack. */
struct wasm_frame {
    const struct wasm_module *module;
    uint32_t function; /**< function index in it */
    uint64_t offset;   /**< of the instruction, from the module's beginning */
};

/** A trap and how execution got there, innermost frame first. */
struct wasm_trap {
    enum wasm_trap_kind kind;
    int32_t exit_code;    /**< WASM_TRAP_EXIT: the program's status */
    const char *message;  /**< WASM_TRAP_HOST: the host's words; static or NULL */
    uint32_t depth;       /**< Wasm frames there were */
    uint32_t frame_count; /**< how many are listed: min(depth, WASM_BACKTRACE_FRAMES) */
    struct wasm_frame frames[WASM_BACKTRACE_FRAMES];
};

/** The last trap of the store; valid until its next call. */
const struct wasm_trap *wasm_store_trap(const struct wasm_store *store);

/**
 * Writes "trap: text" and a line for each frame, zero-terminated, cut to @p size. Returns
 * the bytes before the zero.
 */
size_t wasm_trap_print(const struct wasm_trap *trap, char *buffer, size_t size);

/** The exception behind WASM_TRAP_EXCEPTION; NULL when there is none. */
struct wasm_exception *wasm_store_exception(const struct wasm_store *store);

/** The exception's tag, and its @p index-th value. */
struct wasm_tag *wasm_exception_tag(const struct wasm_exception *exception);
WASM_MUST_CHECK enum wasm_status
wasm_exception_value(const struct wasm_exception *exception, uint32_t index,
                     union wasm_value *out_value);

/* --- Linking and instances ------------------------------------------------------ */

/** One import's or export's object. */
struct wasm_extern {
    enum wasm_extern_kind kind;
    union {
        struct wasm_function *function;
        struct wasm_table *table;
        struct wasm_memory *memory;
        struct wasm_global *global;
        struct wasm_tag *tag;
    };
};

/**
 * A function of the embedder's. @p caller is the instance whose code called it, NULL when
 * wasm_call() did. Arguments and results are as many as its signature has. To trap, return
 * another kind than WASM_TRAP_NONE: WASM_TRAP_HOST after wasm_store_set_message(),
 * WASM_TRAP_EXIT after wasm_store_set_exit_code(), WASM_TRAP_EXCEPTION after
 * wasm_store_throw() or when a nested wasm_call() gave it.
 */
typedef enum wasm_trap_kind (*wasm_host_callback)(void *context,
                                                  struct wasm_instance *caller,
                                                  const union wasm_value *arguments,
                                                  union wasm_value *results);

/** The words of the trap that this host function is about to return; must be static. */
void wasm_store_set_message(struct wasm_store *store, const char *message);

/** The status with which this host function is about to end the program. */
void wasm_store_set_exit_code(struct wasm_store *store, int32_t exit_code);

/** Makes an exception pending; @p values as many as @p tag has. WASM_OUT_OF_MEMORY. */
WASM_MUST_CHECK enum wasm_status wasm_store_throw(struct wasm_store *store,
                                                  struct wasm_tag *tag,
                                                  const union wasm_value *values);

/** Makes an empty linker for instances of @p store. WASM_OUT_OF_MEMORY. */
WASM_MUST_CHECK enum wasm_status wasm_linker_create(struct wasm_store *store,
                                                    struct wasm_linker **out_linker);

/** Inverse of wasm_linker_create(); before its store. NULL is fine. */
void wasm_linker_release(struct wasm_linker *linker);

/**
 * Defines the host function @p module . @p name (copied). @p signature: parameters, a colon,
 * results; one letter each: i i32, I i64, f f32, F f64, v v128, c funcref, e externref,
 * x exnref. "ii:" takes two i32 and gives nothing. A later definition of a name replaces an
 * earlier one. WASM_OUT_OF_MEMORY; WASM_BAD_ARGUMENT: the signature.
 */
WASM_MUST_CHECK enum wasm_status
wasm_linker_define_function(struct wasm_linker *linker, const char *module,
                            const char *name, const char *signature,
                            wasm_host_callback callback, void *context);

/** Defines any object of the same store under a name. WASM_OUT_OF_MEMORY. */
WASM_MUST_CHECK enum wasm_status wasm_linker_define(struct wasm_linker *linker,
                                                    struct wasm_name module,
                                                    struct wasm_name name,
                                                    struct wasm_extern definition);

/** Defines every export of @p instance under the module name @p module. WASM_OUT_OF_MEMORY. */
WASM_MUST_CHECK enum wasm_status
wasm_linker_define_instance(struct wasm_linker *linker, struct wasm_name module,
                            struct wasm_instance *instance);

/** A zero-terminated string as a name. */
struct wasm_name wasm_name_of(const char *string);

/**
 * Instantiates @p module in the linker's store: resolves imports, makes its objects, copies
 * active segments, runs the start function (spec 4.5.4). WASM_UNLINKABLE and
 * WASM_OUT_OF_MEMORY fill *@p out_error (may be NULL); WASM_TRAPPED: see wasm_store_trap().
 * What an instance that trapped has written to imported objects stays, as the
 * specification demands.
 */
WASM_MUST_CHECK enum wasm_status wasm_instantiate(struct wasm_linker *linker,
                                                  const struct wasm_module *module,
                                                  struct wasm_instance **out_instance,
                                                  struct wasm_error *out_error);

const struct wasm_module *wasm_instance_module(const struct wasm_instance *instance);
struct wasm_store *wasm_instance_store(const struct wasm_instance *instance);

/** Finds an export of any kind. WASM_NOT_FOUND. */
WASM_MUST_CHECK enum wasm_status wasm_instance_export(struct wasm_instance *instance,
                                                      struct wasm_name name,
                                                      struct wasm_extern *out_extern);

/** The exported function, memory, table or global @p name; NULL when there is none. */
struct wasm_function *wasm_instance_function(struct wasm_instance *instance,
                                             const char *name);
struct wasm_memory *wasm_instance_memory(struct wasm_instance *instance,
                                         const char *name);
struct wasm_table *wasm_instance_table(struct wasm_instance *instance,
                                       const char *name);
struct wasm_global *wasm_instance_global(struct wasm_instance *instance,
                                         const char *name);

/* --- Functions ------------------------------------------------------------------ */

uint32_t wasm_function_parameter_count(const struct wasm_function *function);
uint32_t wasm_function_result_count(const struct wasm_function *function);

/** The kind of the @p index-th parameter or result. */
enum wasm_value_kind wasm_function_parameter(const struct wasm_function *function,
                                             uint32_t index);
enum wasm_value_kind wasm_function_result(const struct wasm_function *function,
                                          uint32_t index);

/** Does the function have this signature, written as in wasm_linker_define_function()? */
bool wasm_function_has_signature(const struct wasm_function *function,
                                 const char *signature);

/**
 * Calls @p function, of @p store, with as many arguments and results as its type has.
 * References among the arguments must be null or of the store, and of the parameter's type.
 * Results are written only when it returns WASM_TRAP_NONE; otherwise wasm_store_trap()
 * has the backtrace.
 */
WASM_MUST_CHECK enum wasm_trap_kind wasm_call(struct wasm_store *store,
                                              struct wasm_function *function,
                                              const union wasm_value *arguments,
                                              union wasm_value *results);

/* --- Memories, tables, globals, tags -------------------------------------------- */

/** A memory, table, global or tag of the embedder's own, to define in a linker. */
struct wasm_limits_type {
    uint64_t minimum; /**< pages of 64 KiB, or elements */
    uint64_t maximum; /**< ignored unless has_maximum */
    bool has_maximum;
    bool is_64; /**< memory64: addressed by i64 */
};

WASM_MUST_CHECK enum wasm_status wasm_memory_create(struct wasm_store *store,
                                                    const struct wasm_limits_type *type,
                                                    struct wasm_memory **out_memory);

/** @p kind: WASM_FUNCREF, WASM_EXTERNREF or WASM_EXNREF. All elements are null. */
WASM_MUST_CHECK enum wasm_status wasm_table_create(struct wasm_store *store,
                                                   enum wasm_value_kind kind,
                                                   const struct wasm_limits_type *type,
                                                   struct wasm_table **out_table);

WASM_MUST_CHECK enum wasm_status
wasm_global_create(struct wasm_store *store, enum wasm_value_kind kind, bool is_mutable,
                   union wasm_value value, struct wasm_global **out_global);

/** A host function without a name. @p signature as in wasm_linker_define_function(). */
WASM_MUST_CHECK enum wasm_status
wasm_function_create(struct wasm_store *store, const char *signature,
                     wasm_host_callback callback, void *context,
                     struct wasm_function **out_function);

/** @p signature as in wasm_linker_define_function(), without results ("i:"). */
WASM_MUST_CHECK enum wasm_status wasm_tag_create(struct wasm_store *store,
                                                 const char *signature,
                                                 struct wasm_tag **out_tag);

/** First byte and size in bytes. The address may change when the memory grows. */
uint8_t *wasm_memory_data(const struct wasm_memory *memory);
uint64_t wasm_memory_size(const struct wasm_memory *memory);

/** The bytes [@p offset, +@p size) of the memory, or NULL: they do not lie in it. */
void *wasm_memory_range(const struct wasm_memory *memory, uint64_t offset,
                        uint64_t size);

/** Grows by @p pages; gives the old size in pages, or UINT64_MAX: a limit or no memory. */
uint64_t wasm_memory_grow(struct wasm_memory *memory, uint64_t pages);

uint64_t wasm_table_size(const struct wasm_table *table);

/** Reads or writes an element. WASM_NOT_FOUND: beyond the table. */
WASM_MUST_CHECK enum wasm_status wasm_table_get(const struct wasm_table *table,
                                                uint64_t index,
                                                union wasm_value *out_value);
WASM_MUST_CHECK enum wasm_status wasm_table_set(struct wasm_table *table,
                                                uint64_t index, union wasm_value value);

/** Grows by @p count elements of @p value; the old size, or UINT64_MAX: a limit, no memory. */
uint64_t wasm_table_grow(struct wasm_table *table, uint64_t count,
                         union wasm_value value);

enum wasm_value_kind wasm_global_kind(const struct wasm_global *global);
bool wasm_global_is_mutable(const struct wasm_global *global);
union wasm_value wasm_global_get(const struct wasm_global *global);

/** Writes a mutable global. WASM_BAD_ARGUMENT: it is not mutable. */
WASM_MUST_CHECK enum wasm_status wasm_global_set(struct wasm_global *global,
                                                 union wasm_value value);

#endif
