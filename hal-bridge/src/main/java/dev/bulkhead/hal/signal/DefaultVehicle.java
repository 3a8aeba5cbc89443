package dev.bulkhead.hal.signal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The vehicle that ships with the project: an electric car described in VSS, and the DBC of its one bus. */
public final class DefaultVehicle {
    /** Name of its bus. */
    public static final String BUS = "can0";

    private static final String VSS = "/dev/bulkhead/hal/default-vehicle.vss.json";
    private static final String DBC = "/dev/bulkhead/hal/default-vehicle.dbc";

    private DefaultVehicle() {}

    /** Its tree, with the mapping of its frames. */
    public static VssDocument document() {
        return VssDocument.parse("default vehicle", bytes(VSS));
    }

    public static SignalTree tree() {
        return document().tree();
    }

    /** The text of its DBC file. */
    public static byte[] dbc() {
        return bytes(DBC);
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = DefaultVehicle.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
