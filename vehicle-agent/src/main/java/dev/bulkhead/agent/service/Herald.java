package dev.bulkhead.agent.service;

import java.util.Map;
import java.util.Optional;

/** Tells who started the agent how it is. Thread-safe; never blocks and never throws: nobody may be listening. */
public interface Herald {
    /** Tells nobody. */
    Herald NOBODY = new Herald() {
        @Override
        public void tell(String state) {}

        @Override
        public Optional<Long> watchdogNanos() {
            return Optional.empty();
        }
    };

    /** Tells one state, in the form of sd_notify(3): lines of {@code NAME=value}. */
    void tell(String state);

    /** The longest time between two {@code WATCHDOG=1} that is borne; empty when nobody waits for any. */
    Optional<Long> watchdogNanos();

    /**
     * Whoever the environment names: systemd's socket, or nobody.
     *
     * @param environment as the process got it
     * @param pid of this process; a watchdog that is meant for another is none
     */
    static Herald of(Map<String, String> environment, long pid) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        return socket.isEmpty() ? NOBODY : NotifySocket.named(socket, watchdog(environment, pid));
    }

    private static Optional<Long> watchdog(Map<String, String> environment, long pid) {
        String meant = environment.getOrDefault("WATCHDOG_PID", "");
        if (!meant.isEmpty() && !meant.equals(Long.toString(pid))) {
            return Optional.empty();
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", ""));
            return micros <= 0 || micros > Long.MAX_VALUE / 1_000 ? Optional.empty() : Optional.of(micros * 1_000);
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }
}
