/* What all versions of the climate controller share: its signals, and holding on to the actuators. */
#ifndef CLIMATE_H
#define CLIMATE_H

#include <bulkhead.h>

#define HVAC "Vehicle.Cabin.HVAC."
#define TURN 1
#define TURN_MS 500
#define LEASE_MS 3000
#define PRIORITY 20
#define COOLEST 18.0 /* what the grant allows */
#define WARMEST 26.0

typedef struct {
    int32_t cabin;       /* sensor, degrees Celsius */
    int32_t temperature; /* actuator, degrees Celsius */
    int32_t fan;         /* actuator, percent */
    bool owned;
} hvac;

/* Opens what the manifest asked for; the first refusal ends the start. */
static int32_t hvac_open(hvac *unit) {
    unit->cabin = hal_signal_open(BH_STR(HVAC "AmbientAirTemperature"), BH_READ);
    unit->temperature = hal_signal_open(BH_STR(HVAC "Station.Row1.Driver.Temperature"), BH_ACTUATE);
    unit->fan = hal_signal_open(BH_STR(HVAC "Station.Row1.Driver.FanSpeed"), BH_ACTUATE);
    if (unit->cabin < 0) {
        return unit->cabin;
    }
    return unit->temperature < 0 ? unit->temperature : unit->fan < 0 ? unit->fan : BH_OK;
}

/* Owns both actuators, or neither: renews the leases, acquires anew what was lost. */
static bool hvac_hold(hvac *unit) {
    if (unit->owned && hal_actuator_renew(unit->temperature) >= 0 && hal_actuator_renew(unit->fan) >= 0) {
        return true;
    }
    int32_t status = hal_actuator_acquire(unit->temperature, PRIORITY, LEASE_MS);
    if (status >= 0) {
        status = hal_actuator_acquire(unit->fan, PRIORITY, LEASE_MS);
        if (status < 0) {
            hal_actuator_release(unit->temperature);
        }
    }
    unit->owned = status >= 0;
    if (!unit->owned) {
        bh_logf(BH_WARN, "the climate unit is not ours: %s", bh_status_name(status));
    }
    return unit->owned;
}

/* Sends both values. The host clamps steep changes of the fan; that is no error. */
static void hvac_set(hvac *unit, double celsius, double percent) {
    int32_t status = hal_actuator_set_f64(unit->temperature, celsius);
    if (status >= 0) {
        status = hal_actuator_set_i64(unit->fan, (int64_t)(percent + 0.5));
    }
    if (status < 0) {
        bh_logf(BH_WARN, "the climate unit refused: %s", bh_status_name(status));
        unit->owned = unit->owned && status != BH_LEASE && status != BH_COND;
    }
}

/* The wished temperature: configuration key "setpoint-tenths", else 21.5 degrees. */
static double wished(void) {
    return bh_clamp((double)bh_config_int("setpoint-tenths", 215) / 10.0, COOLEST, WARMEST);
}

static void hvac_lost(hvac *unit, const bh_event *event) {
    unit->owned = false;
    bh_logf(BH_WARN, "lost an actuator: %s", bh_status_name(event->status));
}

#endif
