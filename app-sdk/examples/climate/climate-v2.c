/*
 * Cabin climate controller, version 2: proportional and integral. Version 1 blows at the wished temperature and so never
 * quite gets there against the sun; this one blows cooler or warmer than wished by as much as it takes, is quieter the nearer
 * it gets, and hands its state over when it is replaced.
 */
#include "climate.h"

#define GAIN 0.8       /* degrees of correction per degree off */
#define INTEGRAL 0.02  /* degrees of correction per degree off and second */
#define NEAR 1.0       /* degrees; farther off the integral would only wind up */
#define MOST_INTEGRAL 4.0
#define LEAST_FAN 20.0 /* percent */
#define FAN_PER_DEGREE 25.0
#define MOST_FAN 80.0
#define STEP_S (TURN_MS / 1000.0)

BULKHEAD_APP;

/* What save_state hands over. The layout's number comes first, so that a later version can tell. */
typedef struct {
    uint32_t layout;
    int32_t turns;
    double setpoint;
    double integral; /* degrees */
} state;

#define LAYOUT 2

static hvac unit;
static state now = {LAYOUT, 0, 0.0, 0.0};

BH_EXPORT int32_t on_start(void) {
    int32_t status = hvac_open(&unit);
    if (status < 0) {
        bh_logf(BH_ERROR, "cannot reach the climate unit: %s", bh_status_name(status));
        return status;
    }
    now.setpoint = wished();
    bh_logf(BH_INFO, "climate 2.0 holds %.1f degrees, proportional and integral", now.setpoint);
    return app_timer_set(TURN, TURN_MS, TURN_MS);
}

/* The temperature to blow at. */
static double blow_at(double error) {
    double celsius = now.setpoint + GAIN * error + now.integral;
    if (bh_abs(error) < NEAR) {
        now.integral = bh_clamp(now.integral + INTEGRAL * error * STEP_S, -MOST_INTEGRAL, MOST_INTEGRAL);
    }
    return bh_clamp(celsius, COOLEST, WARMEST);
}

static void turn(void) {
    double cabin = bh_fresh(unit.cabin);
    if (!bh_known(cabin)) {
        return; /* the failsafe takes over when the leases end */
    }
    double error = now.setpoint - cabin;
    double celsius = blow_at(error);
    double fan = bh_clamp(LEAST_FAN + FAN_PER_DEGREE * bh_abs(error), LEAST_FAN, MOST_FAN);
    if (hvac_hold(&unit)) {
        hvac_set(&unit, celsius, fan);
    }
    if (now.turns++ % 20 == 0) {
        bh_logf(BH_INFO, "cabin %.1f, wished %.1f, blows at %.1f, fan %.0f", cabin, now.setpoint, celsius, fan);
    }
}

BH_EXPORT int32_t on_event(const bh_event *events, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        switch (events[i].kind) {
            case BH_TIMER:
                turn();
                break;
            case BH_ACTUATOR_LOST:
                hvac_lost(&unit, &events[i]);
                break;
            case BH_CONFIG_CHANGED:
                now.setpoint = wished();
                break;
            default:
                break;
        }
    }
    return BH_OK;
}

BH_EXPORT void on_stop(void) {
    hal_actuator_release(unit.fan);
    hal_actuator_release(unit.temperature);
}

BH_EXPORT int32_t save_state(void *out, int32_t cap) {
    if (cap < (int32_t)sizeof now) {
        return BH_NOSPC;
    }
    __builtin_memcpy(out, &now, sizeof now);
    return sizeof now;
}

BH_EXPORT int32_t restore_state(const void *saved, int32_t length) {
    state before;
    if (length != (int32_t)sizeof before) {
        return BH_INVAL;
    }
    __builtin_memcpy(&before, saved, sizeof before);
    if (before.layout != LAYOUT || !bh_known(before.integral)) {
        return BH_INVAL;
    }
    now.turns = before.turns;
    now.integral = bh_clamp(before.integral, -MOST_INTEGRAL, MOST_INTEGRAL);
    return BH_OK;
}
