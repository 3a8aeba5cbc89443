package dev.bulkhead.hal.databroker;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.signal.SignalLeaf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Lets callers do what the scopes of their token say: {@code read}, {@code actuate} or {@code provide}, each alone or with {@code
 * :<path>}; a path may be a signal, a branch, or have {@code *} and {@code **}. To actuate or provide is also to read.
 */
public final class TokenAccess implements BrokerAccess {
    private static final int MAX_SCOPES = 256;

    private final TokenVerifier verifier;
    private final Function<SignalLeaf, Optional<SignalActuate>> contract;

    /** @param contract what the vehicle's policy lets token holders do with an actuator; the token only narrows it */
    public TokenAccess(TokenVerifier verifier, Function<SignalLeaf, Optional<SignalActuate>> contract) {
        this.verifier = verifier;
        this.contract = contract;
    }

    @Override
    public Optional<BrokerCaller> caller(Optional<String> token) {
        return token.flatMap(verifier::verify)
                .map(claims -> new Holder(claims, contract, () -> verifier.inTime(claims)));
    }

    private static final class Holder implements BrokerCaller {
        private final String name;
        private final Function<SignalLeaf, Optional<SignalActuate>> contract;
        private final BooleanSupplier inTime;
        private final List<SignalGlob> read = new ArrayList<>();
        private final List<SignalGlob> actuate = new ArrayList<>();
        private final List<SignalGlob> provide = new ArrayList<>();

        private Holder(
                TokenVerifier.Claims claims,
                Function<SignalLeaf, Optional<SignalActuate>> contract,
                BooleanSupplier inTime) {
            this.inTime = inTime;
            this.name = "databroker:" + claims.subject();
            this.contract = contract;
            String[] scopes = claims.scope().strip().split("[\\s,]+", MAX_SCOPES + 1);
            for (int i = 0; i < Math.min(scopes.length, MAX_SCOPES); i++) {
                add(scopes[i]);
            }
        }

        /** A scope nobody understands gives nothing. */
        private void add(String scope) {
            int colon = scope.indexOf(':');
            String right = colon < 0 ? scope : scope.substring(0, colon);
            String path = colon < 0 ? "**" : scope.substring(colon + 1);
            List<SignalGlob> globs = switch (right) {
                case "read" -> read;
                case "actuate" -> actuate;
                case "provide" -> provide;
                default -> new ArrayList<>();
            };
            try {
                globs.add(new SignalGlob(path));
                if (!path.endsWith("*")) {
                    globs.add(new SignalGlob(path + ".**"));
                }
            } catch (IllegalArgumentException e) {
                globs.removeIf(glob -> glob.text().equals(path));
            }
        }

        private static boolean covers(List<SignalGlob> globs, SignalLeaf leaf) {
            return globs.stream().anyMatch(glob -> glob.matches(leaf.path()));
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean valid() {
            return inTime.getAsBoolean();
        }

        @Override
        public boolean mayRead(SignalLeaf leaf) {
            return covers(read, leaf) || covers(actuate, leaf) || covers(provide, leaf);
        }

        @Override
        public Optional<SignalActuate> mayActuate(SignalLeaf leaf) {
            return covers(actuate, leaf) ? contract.apply(leaf) : Optional.empty();
        }

        @Override
        public boolean mayProvide(SignalLeaf leaf) {
            return covers(provide, leaf);
        }
    }
}
