package dev.bulkhead.agent.ota;

import java.util.Arrays;

/** The root metadata a vehicle leaves the factory with: where all later trust comes from. Immutable. */
public final class FactoryRoots {
    private final byte[] director;
    private final byte[] image;

    /**
     * @param director content of the director's {@code 1.root.json}, or of a later root
     * @param image content of the image repository's {@code 1.root.json}, or of a later root
     */
    public FactoryRoots(byte[] director, byte[] image) {
        this.director = director.clone();
        this.image = image.clone();
    }

    byte[] director() {
        return Arrays.copyOf(director, director.length);
    }

    byte[] image() {
        return Arrays.copyOf(image, image.length);
    }
}
