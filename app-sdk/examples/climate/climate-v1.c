/*
 * Cabin climate controller, version 1: two positions. The fan runs at full strength until the cabin is as warm or cool as
 * wished, then stands still until it is off by a degree.
 */
#include "climate.h"

#define START_AT 1.0
#define STOP_AT 0.2
#define STRONG 70.0

BULKHEAD_APP;

static hvac unit;
static double setpoint;
static bool blowing;
static int32_t turns;

BH_EXPORT int32_t on_start(void) {
    int32_t status = hvac_open(&unit);
    if (status < 0) {
        bh_logf(BH_ERROR, "cannot reach the climate unit: %s", bh_status_name(status));
        return status;
    }
    setpoint = wished();
    bh_logf(BH_INFO, "climate 1.0 holds %.1f degrees, two positions", setpoint);
    return app_timer_set(TURN, TURN_MS, TURN_MS);
}

static void turn(void) {
    double cabin = bh_fresh(unit.cabin);
    if (!bh_known(cabin)) {
        return; /* the failsafe takes over when the leases end */
    }
    double off = bh_abs(cabin - setpoint);
    blowing = off > START_AT || (blowing && off > STOP_AT);
    if (hvac_hold(&unit)) {
        hvac_set(&unit, setpoint, blowing ? STRONG : 0.0);
    }
    if (turns++ % 20 == 0) {
        bh_logf(BH_INFO, "cabin %.1f, wished %.1f, fan %d", cabin, setpoint, blowing ? (int)STRONG : 0);
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
                setpoint = wished();
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
