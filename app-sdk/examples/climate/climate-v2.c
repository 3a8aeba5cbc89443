/*
 * Cabin climate controller, version 2: proportional and integral. Quieter than version 1, exact at the setpoint, and its
 * state goes along when it is replaced.
 */
#include "climate.h"

#define GAIN 18.0        /* percent per degree */
#define INTEGRAL 0.6     /* percent per degree and second */
#define MOST_FAN 80.0
#define STEP_S (TURN_MS / 1000.0)

BULKHEAD_APP;

/* What save_state hands over. The version comes first, so that a later layout can tell. */
typedef struct {
    uint32_t layout;
    int32_t turns;
    int64_t heating; /* 1 while the cabin is to get warmer, 0 cooler */
    double setpoint;
    double integral; /* percent */
} state;

#define LAYOUT 2

static hvac unit;
static state now = {LAYOUT, 0, 0, 0.0, 0.0};

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

/* Fan strength for a cabin that is `off` degrees from the wish; the integral stands still while the fan is at its end. */
static double control(double off) {
    double fan = GAIN * off + now.integral;
    if (fan < MOST_FAN || off < 0.0) {
        now.integral = bh_clamp(now.integral + INTEGRAL * off * STEP_S, 0.0, MOST_FAN);
    }
    return bh_clamp(fan, 0.0, MOST_FAN);
}

static void turn(void) {
    double cabin = bh_fresh(unit.cabin);
    if (!bh_known(cabin)) {
        return; /* the failsafe takes over when the leases end */
    }
    double error = now.setpoint - cabin;
    if (bh_abs(error) > 1.0 && now.heating != (error > 0.0)) {
        now.heating = error > 0.0;
        now.integral = 0.0;
    }
    double fan = control(now.heating ? error : -error);
    if (hvac_hold(&unit)) {
        hvac_set(&unit, now.setpoint, fan);
    }
    if (now.turns++ % 20 == 0) {
        bh_logf(BH_INFO, "cabin %.1f, wished %.1f, fan %.0f", cabin, now.setpoint, fan);
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
    now.heating = before.heating != 0;
    now.integral = bh_clamp(before.integral, 0.0, MOST_FAN);
    return BH_OK;
}
