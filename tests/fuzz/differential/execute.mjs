// Runs modules in node and tells what driver.c tells, but for the part `nullary`.
//   node execute.mjs FILE ...
import { readFileSync } from "node:fs";

const CLASSES = [
  [/unreachable/, "unreachable"],
  [/divide by zero|remainder by zero/, "division"],
  [/unrepresentable/, "range"],
  [/memory access out of bounds|data segment|offset is out of bounds|access out of bounds: .*memory/i, "memory"],
  [/signature mismatch|dereferencing a null/, "signature"],
  [/table|element/i, "table"],
  [/call stack/, "stack"],
];
const view = new DataView(new ArrayBuffer(8));

function trapClass(error) {
  const found = CLASSES.find(([pattern]) => pattern.test(error.message));
  return found ? found[1] : error.message;
}

function show(value, type) {
  switch (type) {
    case "i32": return ` i32:${value >>> 0}`;
    case "i64": return ` i64:${BigInt.asUintN(64, value)}`;
    case "f32":
      view.setFloat32(0, value);
      return Number.isNaN(value) ? " f32:nan" : ` f32:${view.getUint32(0)}`;
    case "f64":
      view.setFloat64(0, value);
      return Number.isNaN(value) ? " f64:nan" : ` f64:${view.getBigUint64(0)}`;
    default: return ` ref:${value === null ? "null" : "some"}`;
  }
}

function argument(type, number) {
  switch (type) {
    case "i32": return (Math.imul(number, 0x9e3779b9) + 1) | 0;
    case "i64": return BigInt.asIntN(64, BigInt(number) * 0x9e3779b97f4a7c15n + 1n);
    case "f32":
    case "f64": return number * 1.25 - 0.5;
    default: return null;
  }
}

// The types of exported functions, as the embedding API does not tell them.
class Types {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 8;
    this.types = [];
    this.functions = [];
    this.exports = [];
    while (this.at < bytes.length) {
      const section = this.bytes[this.at++];
      const size = this.u32();
      const end = this.at + size;
      if (section === 1) this.list(() => this.types.push(this.functionType()));
      if (section === 3) this.list(() => this.functions.push(this.types[this.u32()]));
      if (section === 7) this.list(() => this.exports.push(this.export()));
      this.at = end;
    }
  }
  u32() {
    let value = 0, shift = 0, byte;
    do {
      byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    return value;
  }
  list(read) {
    for (let count = this.u32(); count > 0; count--) read();
  }
  valueType() {
    const byte = this.bytes[this.at++];
    return { 0x7f: "i32", 0x7e: "i64", 0x7d: "f32", 0x7c: "f64", 0x7b: "v128" }[byte] ?? "ref";
  }
  functionType() {
    this.at++;
    const parameters = [], results = [];
    this.list(() => parameters.push(this.valueType()));
    this.list(() => results.push(this.valueType()));
    return { parameters, results };
  }
  export() {
    const size = this.u32();
    this.at += size;
    const kind = this.bytes[this.at++];
    return { kind, index: this.u32() };
  }
}

function showGlobal(global) {
  let value;
  try {
    value = global.value;
  } catch {
    return null; // v128
  }
  if (typeof value === "bigint") return [show(value, "i64")];
  if (typeof value !== "number") return [show(value, "ref")];
  // A number is i32, f32 or f64: all readings, one of which must be told by the other side.
  return [show(value, "i32"), show(value, "f32"), show(value, "f64")];
}

function hash(bytes) {
  let value = 2166136261;
  for (const byte of bytes) value = Math.imul(value ^ byte, 16777619);
  return value >>> 0;
}

// Calls the functions (all, or the export `only`), then tells what else there is.
function tellExports(instance, module, types, only) {
  const names = WebAssembly.Module.exports(module);
  names.forEach(({ name, kind }, number) => {
    if (kind !== "function" || (only !== undefined && only !== number)) return;
    const type = types.functions[types.exports[number].index];
    if ([...type.parameters, ...type.results].includes("v128")) return;
    const values = type.parameters.map((t, i) => argument(t, number + i));
    let line = `call ${number}`;
    try {
      const result = instance.exports[name](...values);
      const results = type.results.length > 1 ? [...result] : [result];
      type.results.forEach((t, i) => { line += show(results[i], t); });
    } catch (error) {
      line += ` trap ${trapClass(error)}`;
    }
    console.log(line);
  });
  names.forEach(({ name, kind }, number) => {
    const value = instance.exports[name];
    if (kind === "memory") {
      const bytes = new Uint8Array(value.buffer);
      console.log(`memory ${number} ${bytes.length} ${hash(bytes)}`);
    } else if (kind === "table") {
      console.log(`table ${number} ${value.length}`);
    } else if (kind === "global") {
      const readings = showGlobal(value);
      if (readings) console.log(`global ${number}${readings.join("|")}`);
    }
  });
}

function tellLife(module, types, only) {
  try {
    tellExports(new WebAssembly.Instance(module, {}), module, types, only);
  } catch (error) {
    console.log(`start ${trapClass(error)}`);
  }
}

for (const path of process.argv.slice(2)) {
  console.log(`module ${path}`);
  const bytes = readFileSync(path);
  let module;
  try {
    module = new WebAssembly.Module(bytes);
  } catch (error) {
    console.log(`refused ${error.message}`);
    continue;
  }
  const types = new Types(bytes);
  tellLife(module, types);
  WebAssembly.Module.exports(module).forEach(({ kind }, number) => {
    if (kind !== "function") return;
    console.log(`alone ${number}`);
    tellLife(module, types, number);
  });
}
console.log("end");
