#!/bin/sh
# Rebuilds the .wasm files beside the sources: each program at -O3, the four of `bench compute` at -O0, -O1 and -Oz too.
# With --check it rebuilds elsewhere and says which files differ. Needs clang 14 with the wasm32 target and lld.
set -eu
cd "$(dirname "$0")"
if command -v wasm-opt >/dev/null; then
    echo "build.sh: clang runs wasm-opt where it finds it, and the files would be others: take binaryen out of PATH" >&2
    exit 1
fi
CLANG=${CLANG:-clang-14}
target=.
if [ "${1:-}" = --check ]; then
    target=$(mktemp -d)
    trap 'rm -rf "$target"' EXIT
fi
build() { # PROGRAM LEVEL FILE
    "$CLANG" --target=wasm32 "$2" -nostdlib -fno-builtin-memcpy -fno-builtin-memset ${4:-} -Wl,--no-entry -Wl,--strip-all \
        -o "$target/$3.wasm" "$1.c"
}
for program in binary-trees fannkuch-redux mandelbrot n-body calls dot blur events interpreter; do
    build "$program" -O3 "$program"
done
for program in dot blur; do
    build "$program" -O3 "$program-simd" -msimd128
done
for program in binary-trees fannkuch-redux mandelbrot n-body; do
    for level in O0 O1 Oz; do
        # without a C library copies of structures become memory.copy
        build "$program" "-$level" "$program-$level" -mbulk-memory
    done
done
# these are apps: they are built as the examples are
for app in relay hal-guest; do
    "$CLANG" --target=wasm32 -std=c11 -O2 -nostdlib -ffreestanding -mbulk-memory -fvisibility=hidden -I ../../../../../../../../guest-c/include \
        -Wl,--no-entry -Wl,--export-dynamic -Wl,--strip-all -Wl,-z,stack-size=16384 -Wl,--stack-first -o "$target/$app.wasm" "$app.c"
done
if [ "$target" != . ]; then
    status=0
    for file in *.wasm; do
        cmp -s "$file" "$target/$file" || { echo "$file differs from its source"; status=1; }
    done
    exit $status
fi
