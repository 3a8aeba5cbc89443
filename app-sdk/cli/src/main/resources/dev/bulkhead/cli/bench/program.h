/*
 * What the four programs share: one exported function run(n) that gives a checksum, and, built natively, a main that calls it several times
 * and prints the CPU milliseconds of each call: PROGRAM N REPEATS, or without either a call for each number N on standard input.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(name)))
#define MAIN(run)
#else
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#define EXPORT(name)
#define MAIN(run)                                                              \
    int main(int argc, char **argv) {                                         \
        int n = argc > 1 ? atoi(argv[1]) : 0;                                 \
        int repeats = argc > 2 ? atoi(argv[2]) : 1;                           \
        while (argc > 1 ? repeats-- > 0 : scanf("%d", &n) == 1) {             \
            struct timespec a, b;                                             \
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);                      \
            int result = run(n);                                              \
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);                      \
            printf("%.6f %d\n",                                               \
                   (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) / 1e6, \
                   result);                                                   \
            fflush(stdout);                                                   \
        }                                                                     \
        return 0;                                                             \
    }
#endif

#endif
