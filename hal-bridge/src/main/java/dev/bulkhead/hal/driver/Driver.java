package dev.bulkhead.hal.driver;

/**
 * Something that connects the HAL to a vehicle: a simulated one, a SocketCAN interface, a databroker. Constructors take configuration
 * and do no I/O; {@link #start} does.
 */
public interface Driver extends AutoCloseable {
    /** Unique among the drivers of one vehicle, such as {@code socketcan:can0}. */
    String name();

    /**
     * Attaches buses, takes actuators, begins to publish. Called once.
     *
     * @throws DriverException when the other side cannot be reached and waiting for it makes no sense
     */
    void start(DriverContext context);

    /** Stops publishing and closes what the driver opened. Idempotent. */
    @Override
    void close();
}
