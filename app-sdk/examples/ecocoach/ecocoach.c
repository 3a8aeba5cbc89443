/*
 * Eco-driving coach: reads eight signals at once five times a second, keeps statistics over all trips in the key-value
 * store, logs a score from 0 to 100 with one sentence of advice, and publishes it to the vehicle's other apps.
 */
#include <bulkhead.h>

#define TURN 1
#define TURN_MS 200
#define TURN_S (TURN_MS / 1000.0)
#define REPORT_EVERY 50  /* turns */
#define STORE_EVERY 25   /* turns */
#define HARD_START 1.4   /* m/s2 */
#define HARD_STOP -1.6   /* m/s2 */
#define STANDING_KMH 0.5

BULKHEAD_APP;

enum signal { SPEED, ACCELERATION, ACCELERATOR, BRAKE, POWER, CHARGE, DISTANCE, OUTSIDE, SIGNALS };

static const char *const paths[SIGNALS] = {
    [SPEED] = "Vehicle.Speed",
    [ACCELERATION] = "Vehicle.Acceleration.Longitudinal",
    [ACCELERATOR] = "Vehicle.Chassis.Accelerator.PedalPosition",
    [BRAKE] = "Vehicle.Chassis.Brake.PedalPosition",
    [POWER] = "Vehicle.Powertrain.TractionBattery.CurrentPower",
    [CHARGE] = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current",
    [DISTANCE] = "Vehicle.TraveledDistance",
    [OUTSIDE] = "Vehicle.Exterior.AirTemperature",
};

/* Integer signals arrive as integers, the others as numbers. */
static const bool integer[SIGNALS] = {[ACCELERATOR] = true, [BRAKE] = true, [DISTANCE] = true};

/* What is stored. A new layout gets a new key. */
typedef struct {
    double moving_s;
    double standing_s;
    double metres;
    double spent_j;
    double regained_j;
    uint32_t hard_starts;
    uint32_t hard_stops;
} statistics;

static int32_t handles[SIGNALS];
static double value[SIGNALS]; /* NaN: not known now */
static statistics all;
static double last_metres;
static bool starting_hard;
static bool stopping_hard;
static uint32_t turns;

BH_EXPORT int32_t on_start(void) {
    int32_t granted = 0;
    for (int32_t i = 0; i < SIGNALS; i++) {
        handles[i] = hal_signal_open(paths[i], bh_length(paths[i]), BH_READ);
        if (handles[i] < 0) {
            bh_logf(BH_WARN, "without %s: %s", paths[i], bh_status_name(handles[i]));
        } else {
            granted++;
        }
    }
    if (handles[SPEED] < 0) {
        return handles[SPEED];
    }
    bool known = app_kv_get(BH_STR("all-1"), &all, sizeof all) == (int32_t)sizeof all;
    bh_logf(BH_INFO, "eco coach 1.0 reads %d of %d signals, %.1f km known", granted, (int)SIGNALS,
            known ? all.metres / 1000.0 : 0.0);
    return app_timer_set(TURN, TURN_MS, TURN_MS);
}

static void read_all(void) {
    static bh_batch_reading readings[SIGNALS];
    hal_signal_read_batch(handles, SIGNALS, readings);
    for (int32_t i = 0; i < SIGNALS; i++) {
        bool good = handles[i] >= 0 && readings[i].status == BH_OK;
        value[i] = !good ? __builtin_nan("") : integer[i] ? (double)readings[i].value.i64 : readings[i].value.f64;
    }
}

static void count_motion(void) {
    if (bh_known(value[SPEED])) {
        *(value[SPEED] > STANDING_KMH ? &all.moving_s : &all.standing_s) += TURN_S;
    }
    if (bh_known(value[DISTANCE])) {
        double step = value[DISTANCE] - last_metres;
        all.metres += last_metres > 0.0 && step > 0.0 && step < 100.0 ? step : 0.0;
        last_metres = value[DISTANCE];
    }
    if (bh_known(value[POWER])) {
        *(value[POWER] > 0.0 ? &all.spent_j : &all.regained_j) += bh_abs(value[POWER]) * TURN_S;
    }
}

/* Counts each hard start and stop once, however long it lasts. */
static void count_hardness(void) {
    if (!bh_known(value[ACCELERATION])) {
        return;
    }
    bool start = value[ACCELERATION] > HARD_START;
    bool stop = value[ACCELERATION] < HARD_STOP;
    all.hard_starts += start && !starting_hard;
    all.hard_stops += stop && !stopping_hard;
    starting_hard = start;
    stopping_hard = stop;
}

/* 100 is perfect; hard starts and stops per kilometre, standing and consumption cost points. */
static double score(void) {
    double km = all.metres / 1000.0 + 0.1;
    double time = all.moving_s + all.standing_s + 1.0;
    double wh_per_km = (all.spent_j - all.regained_j) / 3600.0 / km;
    double points = 100.0 - 4.0 * all.hard_starts / km - 5.0 * all.hard_stops / km - 15.0 * all.standing_s / time;
    bool cold = bh_known(value[OUTSIDE]) && value[OUTSIDE] < 5.0;
    double fair = cold ? 200.0 : 160.0;
    return bh_clamp(points - bh_clamp((wh_per_km - fair) / 4.0, 0.0, 30.0), 0.0, 100.0);
}

static const char *advice(void) {
    if (all.hard_stops > all.hard_starts) {
        return "look further ahead and let it roll";
    }
    if (all.hard_starts > 0) {
        return "start more gently";
    }
    return all.regained_j * 5.0 < all.spent_j ? "recuperate more" : "keep it up";
}

/* For other apps of the vehicle, as decimal digits. */
static void publish(void) {
    bh_line line = {0, {0}};
    bh_put_fixed(&line, score(), 0);
    int32_t status = app_msg_publish(BH_STR("eco/score"), line.text, line.length);
    if (status < 0) {
        bh_logf(BH_WARN, "score not published: %s", bh_status_name(status));
    }
}

static void report(void) {
    double km = all.metres / 1000.0;
    bh_logf(BH_INFO, "score %.0f after %.2f km, %u hard starts, %u hard stops, %.0f Wh, charge %.1f: %s", score(), km,
            all.hard_starts, all.hard_stops, (all.spent_j - all.regained_j) / 3600.0, value[CHARGE], advice());
}

BH_EXPORT int32_t on_event(const bh_event *events, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        if (events[i].kind != BH_TIMER) {
            continue;
        }
        read_all();
        count_motion();
        count_hardness();
        turns++;
        if (turns % STORE_EVERY == 0) {
            app_kv_put(BH_STR("all-1"), &all, sizeof all);
        }
        if (turns % REPORT_EVERY == 0) {
            report();
            publish();
        }
    }
    return BH_OK;
}

BH_EXPORT void on_stop(void) {
    app_kv_put(BH_STR("all-1"), &all, sizeof all);
    report();
}
