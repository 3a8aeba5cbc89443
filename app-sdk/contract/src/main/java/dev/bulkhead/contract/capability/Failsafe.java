package dev.bulkhead.contract.capability;

/** What the host does, once, with an actuator whose owner can no longer answer for it. */
public sealed interface Failsafe {
    /** Set the actuator to this value, written as in the line; its type is checked against the signal. */
    record Value(Literal value) implements Failsafe {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /** Give the actuator back to the vehicle's own control. */
    record Release() implements Failsafe {
        @Override
        public String toString() {
            return "release";
        }
    }

    /** Keep the last value for so many milliseconds (1..3600000), then release. */
    record Hold(long millis) implements Failsafe {
        public Hold {
            if (millis < 1 || millis > 3_600_000) {
                throw new IllegalArgumentException("hold must be 1..3600000 ms, not " + millis);
            }
        }

        @Override
        public String toString() {
            return "hold:" + millis + "ms";
        }
    }
}
