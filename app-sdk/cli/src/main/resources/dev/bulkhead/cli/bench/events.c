/* An app that notes how long after its sample each event of Vehicle.Speed reached it, and reads the signal in a loop when asked. */
#include "program.h"

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

IMPORT("hal", "signal_open") int signal_open(const char *path, int length, int mode);
IMPORT("hal", "signal_subscribe") int signal_subscribe(int handle, int mode, int interval, double deadband, int depth);
IMPORT("hal", "signal_get_f64") double signal_get_f64(int handle);
IMPORT("app", "now_ns") long long now_ns(void);

#define MOST 100000

struct event {
    unsigned short kind, status;
    int handle;
    unsigned dropped, aux;
    double value;
    long long time;
};

static struct event buffer[64];
static long long delays[MOST];
static int speed, count;

EXPORT("alloc") void *alloc(int bytes) {
    return bytes <= (int)sizeof buffer ? buffer : 0;
}

EXPORT("on_start") int on_start(void) {
    speed = signal_open("Vehicle.Speed", 13, 1);
    return signal_subscribe(speed, 1, 0, 0, 256);
}

EXPORT("on_event") int on_event(const struct event *events, int n) {
    long long now = now_ns();
    for (int i = 0; i < n; i++) {
        if (events[i].kind == 1 && count < MOST) {
            delays[count++] = now - events[i].time;
        }
    }
    return 0;
}

EXPORT("events") int events(void) {
    return count;
}

EXPORT("delay") long long delay(int i) {
    return delays[i];
}

EXPORT("forget") void forget(void) {
    count = 0;
}

EXPORT("reads") int reads(int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
        sum += signal_get_f64(speed);
    }
    return (int)(sum / n);
}
