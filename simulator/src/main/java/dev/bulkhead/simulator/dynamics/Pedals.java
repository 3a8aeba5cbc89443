package dev.bulkhead.simulator.dynamics;

/**
 * What the driver asks for.
 *
 * @param accelerator 0 (released) to 1
 * @param brake 0 (released) to 1
 */
public record Pedals(double accelerator, double brake) {
    static final Pedals RELEASED = new Pedals(0, 0);

    public Pedals {
        if (!(accelerator >= 0 && accelerator <= 1 && brake >= 0 && brake <= 1)) {
            throw new IllegalArgumentException("pedals at " + accelerator + " and " + brake + " are not within 0 to 1");
        }
    }
}
