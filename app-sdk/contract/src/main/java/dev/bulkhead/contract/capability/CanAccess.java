package dev.bulkhead.contract.capability;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The part that receiving and transmitting share: which frames on which bus, how many.
 *
 * @param bus the bus name, 1..15 letters, digits, {@code _ . -}
 * @param fd whether CAN FD frames are included
 * @param rateFps frames per second
 * @param lengths payload bytes; beyond 8 only with {@code fd}
 */
public record CanAccess(
        String bus,
        CanIds ids,
        boolean fd,
        OptionalDouble rateFps,
        Optional<PayloadLengths> lengths,
        Optional<Condition> when) {
    private static final Pattern BUS = Pattern.compile("[A-Za-z0-9_.-]{1,15}");

    public CanAccess {
        if (!BUS.matcher(bus).matches()) {
            throw new IllegalArgumentException("'" + bus + "' is not a bus name: 1..15 letters, digits, _ . -");
        }
        Limits.rate(rateFps);
        if (!fd && lengths.isPresent() && lengths.get().most() > 8) {
            throw new IllegalArgumentException("dlc beyond 8 needs fd");
        }
    }

    List<Capability> intersect(CanAccess other, Function<CanAccess, Capability> kind) {
        Optional<CanIds> common = ids.intersect(other.ids);
        if (!bus.equals(other.bus) || common.isEmpty()) {
            return List.of();
        }
        boolean bothFd = fd && other.fd;
        Optional<PayloadLengths> narrowed =
                effective(bothFd).flatMap(l -> other.effective(bothFd).flatMap(l::intersect));
        if (narrowed.isEmpty()) {
            return List.of();
        }
        boolean limited = lengths.isPresent() || other.lengths.isPresent();
        return List.of(kind.apply(new CanAccess(
                bus,
                common.get(),
                bothFd,
                Limits.lower(rateFps, other.rateFps),
                limited ? narrowed : Optional.empty(),
                Limits.both(when, other.when))));
    }

    /** The lengths in force, cut to what classic frames can carry unless FD is common to both. */
    private Optional<PayloadLengths> effective(boolean bothFd) {
        PayloadLengths carried = new PayloadLengths(0, bothFd ? 64 : 8);
        return lengths.orElse(carried).intersect(carried);
    }

    String text(String direction) {
        return "can " + bus + " " + direction + " " + ids + (fd ? " fd" : "") + Limits.rateText(rateFps, "fps")
                + lengths.map(l -> " dlc=" + l).orElse("")
                + (ids.mask() == 0 ? "" : String.format(" mask=%X", ids.mask()))
                + Limits.whenText(when);
    }
}
