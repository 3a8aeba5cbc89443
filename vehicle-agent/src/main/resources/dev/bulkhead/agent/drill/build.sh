#!/bin/sh
# Rebuilds practice.wasm. Needs clang 14 with the wasm32 target and lld.
set -eu
cd "$(dirname "$0")"
"${CLANG:-clang-14}" --target=wasm32 -std=c11 -O2 -nostdlib -ffreestanding -mbulk-memory -fvisibility=hidden -I ../../../../../../../../app-sdk/guest-c/include \
    -Wl,--no-entry -Wl,--export-dynamic -Wl,--strip-all -Wl,-z,stack-size=4096 -Wl,--stack-first -o practice.wasm practice.c
