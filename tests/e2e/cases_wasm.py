"""Modules in the place of hello_wasm.wasm that are wrong: told, and Init goes on."""

import initrd
import wasm_module as w
from expected import HEAP_LINES, SERIAL_DRV_LINES, disk_line, failed, wasm_head
from harness import Text, boot, case


def fails(folder, module, *texts, before=()):
    """With this module the phase fails with a line that contains the texts, all other
    phases pass, and the status is 1."""
    path = initrd.with_file(folder, "hello_wasm.wasm", module)
    result = boot(folder, "--initrd", path).expect_status(1)
    result.expect(*HEAP_LINES, wasm_head(path), *before, failed("wasm: "), disk_line(2048),
                  *SERIAL_DRV_LINES)
    for text in texts:
        result.expect(failed(text))
    if sum("FAILED" in line for line in result.log.split("\n")) != 1:
        result.fail("exactly one line should tell of the failure")
    return result


@case("wasm-malformed")
def malformed(folder):
    good = w.printing("never printed\n")
    fails(folder, b"", "malformed")
    fails(folder, b"\0asn" + good[4:], "malformed")
    fails(folder, good[:4] + b"\x02" + good[5:], "malformed")
    fails(folder, good[:-5], "malformed")
    fails(folder, good[:60] + b"\xff" * 20 + good[80:], "malformed")
    fails(folder, good + b"\x01\x01\x00", "malformed")


@case("wasm-invalid")
def invalid(folder):
    """Well formed, and of wrong types."""
    fails(folder, w.module(add=w.LOCAL_0 + w.I32_ADD), "type mismatch")
    fails(folder, w.module(add=b"\x42\x00"), "type mismatch")
    fails(folder, w.module(add=b"\x20\x09"), "unknown local")
    fails(folder, w.module(run_guest=w.call(99)), "unknown function")


@case("wasm-missing-export")
def missing_export(folder):
    fails(folder, w.module(exports=("memory", "add")), 'no function "run_guest"',
          before=[Text("[init] wasm: add(10, 32) = 42")])
    fails(folder, w.module(exports=("memory", "run_guest")), 'no function "add"')
    fails(folder, w.module(add=w.LOCAL_0, add_type=3), '"add" with another type')


@case("wasm-unknown-import")
def unknown_import(folder):
    fails(folder, w.module(import_name="host_read"), "host_read")


@case("wasm-traps")
def traps(folder):
    add_line = Text("[init] wasm: add(10, 32) = 42")
    divide = w.LOCAL_0 + w.i32_const(0) + w.I32_DIV_S
    load = w.i32_const(-4) + b"\x28\x02\x00" + w.DROP
    fails(folder, w.module(run_guest=w.UNREACHABLE), "run_guest() trapped: unreachable",
          "function 2", "offset 0x", before=[add_line])
    fails(folder, w.module(add=divide), "add() trapped: integer divide by zero",
          "function 1", "offset 0x")
    fails(folder, w.module(run_guest=load), "out of bounds memory access", "function 2",
          before=[add_line])


@case("wasm-host-print-bounds")
def host_print_bounds(folder):
    """host_print outside of the memory prints nothing and traps, with offset and
    function; at the very end of the memory it prints."""
    size = 65536
    for address, length in ((size, 1), (size - 1, 2), (-1, 1), (-1, -1), (0, size + 1),
                            (1, -1)):
        module = w.module(run_guest=w.print_range(address, length))
        fails(folder, module, "host_print", "out of bounds", "function 2", "offset 0x",
              before=[Text("[init] wasm: add(10, 32) = 42")])
    at_the_end = w.module(data=b"last bytes\n",
                          run_guest=w.print_range(16, 11) + w.print_range(size, 0) +
                          w.print_range(0, 0))
    path = initrd.with_file(folder, "hello_wasm.wasm", at_the_end)
    boot(folder, "--initrd", path).expect_status(0).expect("last bytes")


@case("wasm-loops")
def loops(folder):
    """An endless loop runs out of fuel, in a call and in the start of the other."""
    fails(folder, w.module(run_guest=w.LOOP_FOREVER), "run_guest() trapped",
          "fuel", before=[Text("[init] wasm: add(10, 32) = 42")])
    fails(folder, w.module(add=w.LOOP_FOREVER + w.i32_const(1)), "add() trapped", "fuel")


@case("wasm-recursion")
def recursion(folder):
    fails(folder, w.module(run_guest=w.call(w.RUN_GUEST)), "run_guest() trapped",
          "call stack exhausted")


@case("wasm-too-much-memory")
def too_much_memory(folder):
    """A module that wants 4 GiB of memory on a heap of 4 MB."""
    fails(folder, w.module(pages=65536), "memory")
