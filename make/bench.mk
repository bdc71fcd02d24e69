# make bench: every figure, one a line, `name value unit`.

.PHONY: bench
bench: bench-kernel bench-wasm ## every figure: the kernel's and the Wasm engine's
