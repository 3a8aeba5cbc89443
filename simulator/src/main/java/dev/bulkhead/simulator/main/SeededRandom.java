package dev.bulkhead.simulator.main;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Chance for key generation inside a simulation: as predictable as everything else there, and of no use anywhere else. */
final class SeededRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient SplittableRandom source;

    SeededRandom(SplittableRandom source) {
        this.source = source;
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
        if (source != null) {
            source.nextBytes(bytes);
        }
    }
}
