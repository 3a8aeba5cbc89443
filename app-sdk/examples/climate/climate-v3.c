/*
 * Cabin climate controller, version 3: a release that went wrong. It traps in on_start, so that one can watch the vehicle
 * go back to the version before by itself.
 */
#include "climate.h"

BULKHEAD_APP;

static hvac unit;

BH_EXPORT int32_t on_start(void) {
    bh_logf(BH_INFO, "climate 3.0 starts and will not get far: %s", bh_status_name(hvac_open(&unit)));
    if (hvac_hold(&unit)) {
        hvac_set(&unit, wished(), 0.0);
    }
    __builtin_trap();
}

BH_EXPORT int32_t on_event(const bh_event *events, int32_t count) {
    if (count > 0 && events[0].kind == BH_ACTUATOR_LOST) {
        hvac_lost(&unit, &events[0]);
    }
    return BH_OK;
}
