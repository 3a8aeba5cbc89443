/*
 * n dot products of two arrays of 4,096 floats: loads, one multiplication and one addition each. In vectors of four where the target has them,
 * because adding floats in another order is not the compiler's to decide.
 */
#include "program.h"

#define LENGTH 4096

static float left[LENGTH], right[LENGTH];

#if defined(__wasm_simd128__) || defined(__SSE2__)
typedef float four __attribute__((vector_size(16)));

static float dot(void) {
    four sum = {0, 0, 0, 0}, more = {0, 0, 0, 0};
    for (int i = 0; i < LENGTH; i += 8) {
        sum += *(four *)(left + i) * *(four *)(right + i);
        more += *(four *)(left + i + 4) * *(four *)(right + i + 4);
    }
    sum += more;
    return sum[0] + sum[1] + sum[2] + sum[3];
}
#else
static float dot(void) {
    float a = 0, b = 0, c = 0, d = 0;
    for (int i = 0; i < LENGTH; i += 4) {
        a += left[i] * right[i];
        b += left[i + 1] * right[i + 1];
        c += left[i + 2] * right[i + 2];
        d += left[i + 3] * right[i + 3];
    }
    return a + b + c + d;
}
#endif

EXPORT("run") int run(int n) {
    float total = 0;
    for (int i = 0; i < LENGTH; i++) {
        left[i] = (float)(i % 17) / 16;
        right[i] = (float)(i % 13) / 8;
    }
    for (int k = 0; k < n; k++) {
        left[k % LENGTH] += 0.25f;
        total += dot();
    }
    return (int)(total / 1024);
}

MAIN(run)
