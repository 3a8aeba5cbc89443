#!/bin/sh
# Rebuilds the .wasm files beside the sources. Needs clang with the wasm32 target and lld.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-14}
for program in binary-trees fannkuch-redux mandelbrot n-body calls; do
    "$CLANG" --target=wasm32 -O3 -nostdlib -fno-builtin-memcpy -fno-builtin-memset -Wl,--no-entry -Wl,--strip-all \
        -o "$program.wasm" "$program.c"
done
