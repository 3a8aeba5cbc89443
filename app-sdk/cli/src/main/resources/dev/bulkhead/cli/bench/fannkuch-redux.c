/* Flips prefixes of every permutation of n numbers: small arrays, data-dependent loops. */
#include "program.h"

enum { MOST = 16 };

static int order[MOST], flipped[MOST], left[MOST];

static int flips(int n) {
    for (int i = 0; i < n; i++)
        flipped[i] = order[i];
    int count = 0;
    for (int head = flipped[0]; head != 0; head = flipped[0]) {
        for (int low = 0, high = head; low < high; low++, high--) {
            int t = flipped[low];
            flipped[low] = flipped[high];
            flipped[high] = t;
        }
        count++;
    }
    return count;
}

EXPORT("run") int run(int n) {
    int checksum = 0, most = 0, permutation = 0, r = n;
    for (int i = 0; i < n; i++)
        order[i] = i;
    for (;;) {
        for (; r > 1; r--)
            left[r - 1] = r;
        int count = flips(n);
        if (count > most)
            most = count;
        checksum += permutation++ % 2 ? -count : count;
        for (;; r++) {
            if (r == n)
                return checksum * 100 + most;
            int rotated = order[0];
            for (int i = 0; i < r; i++)
                order[i] = order[i + 1];
            order[r] = rotated;
            if (--left[r] > 0)
                break;
        }
    }
}

MAIN(run)
