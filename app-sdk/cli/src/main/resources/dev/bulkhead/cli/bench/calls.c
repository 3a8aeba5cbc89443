/* Calls: 8 functions by pointer in turn, and a function of the host. */
#include "program.h"

typedef int (*step)(int);

#define STEP(name, expression) static __attribute__((noinline)) int name(int x) { return expression; }
STEP(add, x + 1)
STEP(flip, x ^ 0x55)
STEP(twice, x * 2 + 1)
STEP(back, x - 3)
STEP(turn, (x << 3) | ((unsigned)x >> 29))
STEP(half, x / 2 + 7)
STEP(mask, x & 0xffffff)
STEP(triple, x * 3)

static step steps[8] = {add, flip, twice, back, turn, half, mask, triple};

EXPORT("indirect") int indirect(int n) {
    int x = 1;
    for (int i = 0; i < n; i++)
        x = steps[i & 7](x);
    return x;
}

__attribute__((import_module("bench"), import_name("tick"))) int tick(int x);

/* What the host answers goes into memory and into the next question: no call can be left out, moved or added up. */
static int sums[1024];

EXPORT("host") int host(int n) {
    int x = 0;
    for (int i = 0; i < n; i++) {
        x = tick(x ^ i);
        sums[i & 1023] += x;
    }
    for (int i = 0; i < 1024; i++)
        x = x * 31 + sums[i];
    return x;
}
