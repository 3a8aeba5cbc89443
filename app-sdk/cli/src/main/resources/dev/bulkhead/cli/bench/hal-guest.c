/* Measures from inside an app: how late frames arrive in its callback, and what an actuator command takes. */
#include <bulkhead.h>

#define BUCKETS 4096
#define COMMANDS 2000
#define FIRST_DELAYS 2000
#define FIRST_COMMANDS 40000

BULKHEAD_APP;

static uint32_t delays[BUCKETS];   /* of 1 us each; the last holds all above */
static uint32_t commands[BUCKETS]; /* of 10 ns each */
static uint32_t counts[3];         /* frames heard, commands carried out, commands refused */
static int32_t engaged, moving, fan;

static void count(uint32_t *buckets, int64_t at) {
    buckets[at < 0 ? 0 : at >= BUCKETS ? BUCKETS - 1 : at]++;
}

static void command_fan(void) {
    for (int i = 0; i < COMMANDS; i++) {
        int64_t begin = app_now_ns();
        int32_t status = hal_actuator_set_i64(fan, i % 100);
        int64_t end = app_now_ns();
        if (status < 0) {
            counts[2]++;
        } else if (++counts[1] > FIRST_COMMANDS) {
            count(commands, (end - begin) / 10);
        }
    }
}

BH_EXPORT int32_t on_start(void) {
    engaged = hal_signal_open(BH_STR("Vehicle.ADAS.ABS.IsEngaged"), BH_READ);
    moving = hal_signal_open(BH_STR("Vehicle.IsMoving"), BH_READ);
    fan = hal_signal_open(BH_STR("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"), BH_ACTUATE);
    if (engaged < 0 || moving < 0 || fan < 0) {
        return BH_PERM;
    }
    int32_t status = hal_signal_subscribe(engaged, BH_QUEUE, 0, 0.0, 512);
    if (status >= 0) {
        status = hal_signal_subscribe(moving, BH_QUEUE, 0, 0.0, 16);
    }
    return status < 0 ? status : hal_actuator_acquire(fan, 0, 600000);
}

BH_EXPORT int32_t on_event(const bh_event *events, int32_t count_of) {
    for (int32_t i = 0; i < count_of; i++) {
        if (events[i].kind != BH_SIGNAL_CHANGED) {
            continue;
        }
        if (events[i].handle == engaged) {
            int64_t delay = app_now_ns() - events[i].time_ns;
            if (++counts[0] > FIRST_DELAYS) {
                count(delays, delay / 1000);
            }
        } else if (events[i].handle == moving) {
            if (events[i].value.i64) {
                command_fan();
            }
            app_kv_put(BH_STR("delays"), delays, sizeof delays);
            app_kv_put(BH_STR("commands"), commands, sizeof commands);
            app_kv_put(BH_STR("counts"), counts, sizeof counts);
        }
    }
    return BH_OK;
}
