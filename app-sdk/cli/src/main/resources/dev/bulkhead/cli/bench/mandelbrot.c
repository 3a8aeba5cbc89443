/* Counts the points of an n × n raster that stay within the Mandelbrot set for 50 steps: floating point in registers. */
#include "program.h"

EXPORT("run") int run(int n) {
    int inside = 0;
    for (int y = 0; y < n; y++) {
        double ci = 2.0 * y / n - 1.0;
        for (int x = 0; x < n; x++) {
            double cr = 2.0 * x / n - 1.5;
            double zr = 0, zi = 0, rr = 0, ii = 0;
            int steps = 0;
            while (steps < 50 && rr + ii <= 4.0) {
                zi = 2.0 * zr * zi + ci;
                zr = rr - ii + cr;
                rr = zr * zr;
                ii = zi * zi;
                steps++;
            }
            inside += steps == 50;
        }
    }
    return inside;
}

MAIN(run)
