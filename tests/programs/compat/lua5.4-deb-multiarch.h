/* Debian asks this header for the name of the architecture. */
#define DEB_HOST_MULTIARCH "wasm32-wasi"
