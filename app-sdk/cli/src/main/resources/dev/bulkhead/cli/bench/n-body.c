/* Moves five bodies under gravity for n steps: floating point in memory, square roots. */
#include "program.h"

enum { BODIES = 5 };

typedef struct {
    double x, y, z, vx, vy, vz, mass;
} body;

#define SOLAR (4 * 3.141592653589793 * 3.141592653589793)
#define YEAR 365.24

static const body start[BODIES] = {
    {0, 0, 0, 0, 0, 0, SOLAR},
    {4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01, 1.66007664274403694e-03 * YEAR,
     7.69901118419740425e-03 * YEAR, -6.90460016972063023e-05 * YEAR, 9.54791938424326609e-04 * SOLAR},
    {8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01, -2.76742510726411899e-03 * YEAR,
     4.99852801234917238e-03 * YEAR, 2.30417297573763929e-05 * YEAR, 2.85885980666130812e-04 * SOLAR},
    {1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01, 2.96460137564761618e-03 * YEAR,
     2.37847173959480950e-03 * YEAR, -2.96589568540237556e-05 * YEAR, 4.36624404335156298e-05 * SOLAR},
    {1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01, 2.68067772490389322e-03 * YEAR,
     1.62824170038242295e-03 * YEAR, -9.51592254519715870e-05 * YEAR, 5.15138902046611451e-05 * SOLAR},
};

static body sky[BODIES];

static void step(double dt) {
    for (int i = 0; i < BODIES; i++) {
        body *a = &sky[i];
        for (int j = i + 1; j < BODIES; j++) {
            body *b = &sky[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz;
            double magnitude = dt / (square * __builtin_sqrt(square));
            a->vx -= dx * b->mass * magnitude;
            a->vy -= dy * b->mass * magnitude;
            a->vz -= dz * b->mass * magnitude;
            b->vx += dx * a->mass * magnitude;
            b->vy += dy * a->mass * magnitude;
            b->vz += dz * a->mass * magnitude;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        sky[i].x += dt * sky[i].vx;
        sky[i].y += dt * sky[i].vy;
        sky[i].z += dt * sky[i].vz;
    }
}

EXPORT("run") int run(int steps) {
    for (int i = 0; i < BODIES; i++)
        sky[i] = start[i];
    for (int i = 0; i < steps; i++)
        step(0.01);
    double energy = 0;
    for (int i = 0; i < BODIES; i++)
        energy += sky[i].mass * (sky[i].vx * sky[i].vx + sky[i].vy * sky[i].vy + sky[i].vz * sky[i].vz);
    return (int)(energy * 1e6);
}

MAIN(run)
