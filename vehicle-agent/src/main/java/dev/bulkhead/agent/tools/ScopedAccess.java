package dev.bulkhead.agent.tools;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.hal.databroker.BrokerAccess;
import dev.bulkhead.hal.databroker.BrokerCaller;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditedApp;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Callers of the databroker under the vehicle's policy: each may do what its token says and the policy gives to {@code tool.databroker.<subject>},
 * a vendor {@code databroker} having the ceiling. To provide a value, the policy must give {@code actuate} of it without limits, since limits
 * are for commands. Denials and reads are recorded here, commands by the board. Thread-safe.
 */
final class ScopedAccess implements BrokerAccess {
    static final String DOOR = "databroker";
    private static final int LONGEST_NAME = 128;

    private final String door;
    private final BrokerAccess tokens;
    private final Desk desk;
    private final VisitorLedger ledger;
    private final ReadRates rates;

    /**
     * @param door the vendor that stands for all callers
     * @param tokens what the callers' tokens say
     */
    ScopedAccess(String door, BrokerAccess tokens, Desk desk, VisitorLedger ledger, VehicleClock clock) {
        this.door = door;
        this.tokens = tokens;
        this.desk = desk;
        this.ledger = ledger;
        this.rates = new ReadRates(clock);
    }

    /** A caller whose name could not be written down is none. */
    @Override
    public Optional<BrokerCaller> caller(Optional<String> token) {
        return tokens.caller(token).flatMap(caller -> {
            String name = URLEncoder.encode(subject(caller), StandardCharsets.UTF_8);
            return name.isEmpty() || name.length() > LONGEST_NAME
                    ? Optional.empty()
                    : Optional.of(new Scoped(caller, Desk.visitor(door, name)));
        });
    }

    private static String subject(BrokerCaller caller) {
        return caller.name().startsWith(DOOR + ":") ? caller.name().substring(DOOR.length() + 1) : caller.name();
    }

    private final class Scoped implements BrokerCaller {
        private final BrokerCaller token;
        private final AuditedApp visitor;

        private Scoped(BrokerCaller token, AuditedApp visitor) {
            this.token = token;
            this.visitor = visitor;
        }

        @Override
        public String name() {
            return visitor.appId();
        }

        @Override
        public boolean valid() {
            return token.valid();
        }

        @Override
        public boolean mayList(SignalLeaf leaf) {
            return token.mayList(leaf)
                    && desk.decide(visitor, new AccessRequest.ReadSignal(leaf.path())) instanceof Decision.Allow;
        }

        @Override
        public boolean mayRead(SignalLeaf leaf) {
            AccessRequest request = new AccessRequest.ReadSignal(leaf.path());
            boolean granted =
                    granted(request.line(), token.mayRead(leaf), request).isPresent();
            if (granted) {
                ledger.used(visitor, request.line(), 0);
            }
            return granted;
        }

        @Override
        public boolean takeRead(SignalLeaf leaf) {
            AccessRequest request = new AccessRequest.ReadSignal(leaf.path());
            if (!(desk.decide(visitor, request) instanceof Decision.Allow allow)) {
                return false;
            }
            OptionalDouble rate = rate(allow);
            boolean taken = rate.isEmpty() || rates.take(visitor, leaf.path(), rate.getAsDouble());
            if (!taken) {
                ledger.denied(visitor, request.line(), allow.rule(), "read more often than the grant's rate");
            }
            return taken;
        }

        @Override
        public long leastIntervalNanos(SignalLeaf leaf) {
            return desk.decide(visitor, new AccessRequest.ReadSignal(leaf.path())) instanceof Decision.Allow allow
                            && rate(allow).isPresent()
                    ? (long) (1e9 / rate(allow).getAsDouble())
                    : 0;
        }

        private static OptionalDouble rate(Decision.Allow allow) {
            return allow.effective() instanceof SignalRead read ? read.rateHz() : OptionalDouble.empty();
        }

        @Override
        public Optional<SignalActuate> mayActuate(SignalLeaf leaf) {
            AccessRequest request = new AccessRequest.Actuate(leaf.path());
            return granted(request.line(), token.mayActuate(leaf).isPresent(), request)
                    .flatMap(Scoped::contract);
        }

        @Override
        public boolean mayProvide(SignalLeaf leaf) {
            AccessRequest request = new AccessRequest.Actuate(leaf.path());
            String access = "signal " + leaf.path() + " provide";
            Optional<Decision.Allow> grant = granted(access, token.mayProvide(leaf), request);
            boolean free =
                    grant.flatMap(Scoped::contract).filter(Scoped::limitless).isPresent();
            if (free) {
                ledger.used(visitor, access, 0);
            } else {
                grant.ifPresent(allow ->
                        ledger.denied(visitor, access, allow.rule(), "to provide needs a grant without limits"));
            }
            return free;
        }

        private Optional<Decision.Allow> granted(String access, boolean inToken, AccessRequest request) {
            if (!inToken) {
                ledger.denied(visitor, access, "token", "no scope of the caller covers it");
                return Optional.empty();
            }
            return switch (desk.decide(visitor, request)) {
                case Decision.Allow allow -> Optional.of(allow);
                case Decision.Deny deny -> {
                    ledger.denied(visitor, access, deny.rule(), deny.why());
                    yield Optional.empty();
                }
            };
        }

        private static Optional<SignalActuate> contract(Decision.Allow allow) {
            return allow.effective() instanceof SignalActuate actuate ? Optional.of(actuate) : Optional.empty();
        }

        private static boolean limitless(SignalActuate grant) {
            return grant.range().isEmpty()
                    && grant.slewPerSecond().isEmpty()
                    && grant.rateHz().isEmpty()
                    && grant.when().isEmpty();
        }
    }
}
