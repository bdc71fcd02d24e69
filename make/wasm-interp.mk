# The interpreter's handlers: thousands of small functions. -Os keeps them dense in the
# instruction cache (they need no alignment) without making any one of them slower.

$(foreach s,$(wildcard wasm/interp/ops_*.c),$(eval CFLAGS_$(s) += -Os))
