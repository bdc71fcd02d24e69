"""Small Wasm modules, made of bytes: other programs in the place of hello_wasm.wasm.

Source: WebAssembly Core Specification, chapter 5, "Binary Format".
"""

MAGIC = b"\0asm\x01\0\0\0"

# Indexes of the types that every module here has.
TYPE_ADD, TYPE_RUN, TYPE_PRINT = 0, 1, 2
# Indexes of the functions: the import comes first.
HOST_PRINT, ADD, RUN_GUEST = 0, 1, 2


def unsigned(value):
    """LEB128."""
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def signed(value):
    """Signed LEB128."""
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        done = (value == 0 and not byte & 0x40) or (value == -1 and byte & 0x40)
        out.append(byte | (0 if done else 0x80))
        if done:
            return bytes(out)


def name(text):
    return unsigned(len(text)) + text.encode()


def vector(items):
    return unsigned(len(items)) + b"".join(items)


def section(number, content):
    return bytes([number]) + unsigned(len(content)) + content


def i32_const(value):
    return b"\x41" + signed(value)


def call(function):
    return b"\x10" + unsigned(function)


def print_range(address, size):
    """Code that calls env.host_print."""
    return i32_const(address) + i32_const(size) + call(HOST_PRINT)


LOCAL_0, LOCAL_1 = b"\x20\x00", b"\x20\x01"
I32_ADD, I32_MUL, I32_DIV_S = b"\x6a", b"\x6c", b"\x6d"
UNREACHABLE, DROP = b"\x00", b"\x1a"
LOOP_FOREVER = b"\x03\x40\x0c\x00\x0b"  # loop br 0 end

ADD_BODY = LOCAL_0 + LOCAL_1 + I32_ADD
EXPORTS = ("memory", "add", "run_guest")


def module(add=ADD_BODY, run_guest=b"", data=b"", exports=EXPORTS, pages=1,
           import_name="host_print", add_type=TYPE_ADD):
    """A module like hello_wasm.wasm: imports env.host_print, exports what `exports`
    names. `add` and `run_guest` are code; `data` lies at address 16."""
    i32 = b"\x7f"
    types = vector([
        b"\x60" + vector([i32, i32]) + vector([i32]),
        b"\x60" + vector([]) + vector([]),
        b"\x60" + vector([i32, i32]) + vector([]),
        b"\x60" + vector([b"\x7e", b"\x7e"]) + vector([b"\x7e"]),
    ])
    all_exports = {
        "memory": name("memory") + b"\x02\x00",
        "add": name("add") + b"\x00" + unsigned(ADD),
        "run_guest": name("run_guest") + b"\x00" + unsigned(RUN_GUEST),
    }
    bodies = [vector([]) + code + b"\x0b" for code in (add, run_guest)]
    return b"".join([
        MAGIC,
        section(1, types),
        section(2, vector([name("env") + name(import_name) + b"\x00" +
                           unsigned(TYPE_PRINT)])),
        section(3, vector([unsigned(add_type), unsigned(TYPE_RUN)])),
        section(5, vector([b"\x00" + unsigned(pages)])),
        section(7, vector([all_exports[export] for export in exports])),
        section(10, vector([unsigned(len(body)) + body for body in bodies])),
        section(11, vector([b"\x00" + i32_const(16) + b"\x0b" + unsigned(len(data)) +
                            data])),
    ])


def printing(text, **rest):
    """A module whose run_guest prints a text."""
    data = text.encode()
    return module(run_guest=print_range(16, len(data)), data=data, **rest)
