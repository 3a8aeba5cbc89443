package dev.bulkhead.hal.actuation;

/** A claim that lost its actuator, to be told once the board's lock is free. */
record Loss(ActuatorClaim claim, LossCause cause) {
    void tell() {
        claim.onLoss().lost(claim.actuator(), cause);
    }
}
