/* n passes of a blur (1 2 1) over a picture of 512 × 256 grey values, along the rows and back along the columns: bytes, widened and
 * narrowed. gcc makes vectors of the plain loop by itself; for wasm they are written out. */
#include "program.h"

#define WIDTH 512
#define HEIGHT 256

static unsigned char picture[HEIGHT + 2][WIDTH + 64], scratch[HEIGHT + 2][WIDTH + 64];

#ifdef __wasm_simd128__
#define STEP 8
typedef unsigned char bytes __attribute__((vector_size(8), aligned(1)));
typedef unsigned short words __attribute__((vector_size(16)));

static void blend(const unsigned char *a, const unsigned char *b, const unsigned char *c, unsigned char *to) {
    words before = __builtin_convertvector(*(const bytes *)a, words);
    words here = __builtin_convertvector(*(const bytes *)b, words);
    words after = __builtin_convertvector(*(const bytes *)c, words);
    *(bytes *)to = __builtin_convertvector((before + 2 * here + after + 2) >> 2, bytes);
}
#else
#define STEP 1
static void blend(const unsigned char *a, const unsigned char *b, const unsigned char *c, unsigned char *to) {
    *to = (unsigned char)((*a + 2 * *b + *c + 2) >> 2);
}
#endif

static void rows(void) {
    for (int y = 1; y <= HEIGHT; y++) {
        for (int x = 1; x <= WIDTH; x += STEP) {
            blend(&picture[y][x - 1], &picture[y][x], &picture[y][x + 1], &scratch[y][x]);
        }
    }
}

static void columns(void) {
    for (int y = 1; y <= HEIGHT; y++) {
        for (int x = 1; x <= WIDTH; x += STEP) {
            blend(&scratch[y - 1][x], &scratch[y][x], &scratch[y + 1][x], &picture[y][x]);
        }
    }
}

EXPORT("run") int run(int n) {
    unsigned sum = 0;
    for (int y = 0; y < HEIGHT + 2; y++) {
        for (int x = 0; x < WIDTH + 64; x++) {
            picture[y][x] = (unsigned char)(x * y + (x ^ y));
        }
    }
    for (int k = 0; k < n; k++) {
        rows();
        columns();
        sum += picture[1 + k % HEIGHT][1 + k % WIDTH];
    }
    return (int)sum;
}

MAIN(run)
