package dev.bulkhead.security.audit.matrix;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityException;
import dev.bulkhead.contract.capability.CapabilityLine;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What "who can touch …?" asks for. */
record TouchQuery(List<Capability> wanted) {
    static TouchQuery parse(String query) {
        String text = query.strip();
        if (text.indexOf(' ') < 0) {
            return new TouchQuery(
                    List.of(capability("signal " + text + " read"), capability("signal " + text + " actuate")));
        }
        return new TouchQuery(List.of(capability(text)));
    }

    private static Capability capability(String line) {
        return CapabilityLine.parse(line).capability();
    }

    boolean meets(MatrixRow row) {
        Stream<String> touched = row.touches().stream().map(MatrixTouch::access);
        return Stream.concat(row.effective().stream(), touched)
                .flatMap(line -> Lines.read(line).stream())
                .anyMatch(this::meets);
    }

    private boolean meets(Capability capability) {
        return wanted.stream().anyMatch(w -> !w.intersect(capability).isEmpty());
    }

    /** Lines out of a log: they were written by an agent, but maybe by one that knows more. */
    static final class Lines {
        private Lines() {}

        static Optional<Capability> read(String line) {
            try {
                return Optional.of(CapabilityLine.parse(line).capability());
            } catch (CapabilityException unknown) {
                return Optional.empty();
            }
        }
    }
}
