package dev.bulkhead.contract.capability;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A set of CAN identifiers: those in {@code first..last} that agree with {@code first} in every bit of {@code mask}
 * (0: no bit is compared). {@code first} is always a member. Written {@code 100}, {@code 100-1FF}, {@code 18FEF100x};
 * {@code 100 mask=700} means every identifier of which those bits are those of 100.
 *
 * @param extended 29-bit identifiers instead of 11-bit ones; the two never meet
 */
public record CanIds(int first, int last, boolean extended, int mask) {
    /** The highest 11-bit identifier. */
    public static final int MAX_STANDARD = 0x7FF;
    /** The highest 29-bit identifier. */
    public static final int MAX_EXTENDED = 0x1FFF_FFFF;

    public CanIds {
        int max = extended ? MAX_EXTENDED : MAX_STANDARD;
        if (first < 0 || last > max || first > last) {
            throw new IllegalArgumentException(String.format(
                    "CAN ids %X-%X are empty or above %X%s", first, last, max, extended ? "" : "; x marks extended"));
        }
        if (mask < 0 || mask > max) {
            throw new IllegalArgumentException(String.format("CAN id mask %X is above %X", mask, max));
        }
        mask = first == last ? 0 : mask;
    }

    public static CanIds exactly(int id, boolean extended) {
        return new CanIds(id, id, extended, 0);
    }

    public static CanIds range(int first, int last, boolean extended) {
        return new CanIds(first, last, extended, 0);
    }

    /** Every identifier whose bits under the mask are those of {@code id}. */
    public static CanIds masked(int id, int mask, boolean extended) {
        int max = extended ? MAX_EXTENDED : MAX_STANDARD;
        return new CanIds(id & mask & max, (id & mask) | (max & ~mask), extended, mask);
    }

    /** Whether exactly one identifier is named. */
    public boolean isExact() {
        return first == last || nextFrom(first + 1).isEmpty();
    }

    public boolean contains(int id, boolean isExtended) {
        return isExtended == extended && id >= first && id <= last && ((id ^ first) & mask) == 0;
    }

    /** Whether every identifier of the other is a member here; never a wrong yes. */
    public boolean contains(CanIds other) {
        boolean bits = (other.mask & mask) == mask || other.first == other.last || mask == 0;
        return bits && contains(other.first, other.extended) && other.last <= last;
    }

    public boolean overlaps(CanIds other) {
        return intersect(other).isPresent();
    }

    /** The common identifiers, exactly, if there are any. */
    public Optional<CanIds> intersect(CanIds other) {
        if (extended != other.extended || ((first ^ other.first) & mask & other.mask) != 0) {
            return Optional.empty();
        }
        int bits = (first & mask) | (other.first & other.mask);
        int bothMasks = mask | other.mask;
        int from = Math.max(first, other.first);
        int to = Math.min(last, other.last);
        OptionalInt start = next(from, to, bits, bothMasks);
        return start.isEmpty() ? Optional.empty() : Optional.of(new CanIds(start.getAsInt(), to, extended, bothMasks));
    }

    /** The smallest member that is at least {@code id}. */
    public OptionalInt nextFrom(int id) {
        return next(Math.max(id, first), last, first & mask, mask);
    }

    private static OptionalInt next(int from, int to, int bits, int mask) {
        if (from > to) {
            return OptionalInt.empty();
        }
        if (((from ^ bits) & mask) == 0) {
            return OptionalInt.of(from);
        }
        // The answer shares the bits above some position with `from`, has a one where `from` has a zero there,
        // and is as small as the mask lets it be below. The lowest such position gives the smallest answer.
        for (int position = 0; position < 29; position++) {
            int one = 1 << position;
            int below = one - 1;
            int above = ~(one | below);
            boolean risesHere = (from & one) == 0 && ((mask & one) == 0 || (bits & one) != 0);
            if (risesHere && ((from ^ bits) & mask & above) == 0) {
                int candidate = (from & above) | one | (bits & mask & below);
                return candidate <= to ? OptionalInt.of(candidate) : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public String toString() {
        String ids = first == last ? String.format("%X", first) : String.format("%X-%X", first, last);
        return ids + (extended ? "x" : "");
    }
}
