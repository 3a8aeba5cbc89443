package dev.bulkhead.hal.can;

/**
 * Lets a frame through when {@code (word & mask) == (id & mask)}, as Linux {@code can_filter} without inversion.
 *
 * @param id identifier word, flags included (see {@link CanFrame#idWord()})
 * @param mask the bits that count
 */
public record CanFilter(int id, int mask) {
    /** Everything but error frames. */
    public static final CanFilter ANY_DATA = new CanFilter(0, CanFrame.ERROR);

    /** Error frames. */
    public static final CanFilter ERRORS = new CanFilter(CanFrame.ERROR, CanFrame.ERROR);

    /** Data frames with exactly this identifier. */
    public static CanFilter exactly(int id, boolean extended) {
        int mask = CanFrame.EXTENDED | CanFrame.ERROR | (extended ? CanFrame.EXTENDED_MASK : CanFrame.STANDARD_MASK);
        return new CanFilter(extended ? id | CanFrame.EXTENDED : id, mask);
    }

    public boolean accepts(CanFrame frame) {
        return accepts(frame.idWord());
    }

    public boolean accepts(int idWord) {
        return (idWord & mask) == (id & mask);
    }
}
