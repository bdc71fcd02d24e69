# The interpreter: thousands of small handlers. -Os keeps them dense in the instruction cache
# without making any one of them slower; it costs the translator 6 % of its speed and
# keeps the whole below 180 kB. hot.c, which walks every byte before translation, stays -O2.

$(foreach s,$(filter-out wasm/interp/hot.c,$(wildcard wasm/interp/*.c)),$(eval CFLAGS_$(s) += -Os))
