package dev.bulkhead.agent.tools;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.databroker.BrokerCaller;
import dev.bulkhead.hal.databroker.CallerCommands;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.driver.databroker.BrokerPeer;
import dev.bulkhead.hal.driver.databroker.DatabrokerDriver;
import dev.bulkhead.hal.signal.SignalLeaf;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * An existing databroker as a neighbour, as {@code tool.databroker-peer.broker} of a vendor {@code databroker-peer} under the vehicle's policy:
 * it is told the signals the policy lets it read, and its commands stand under the contract the policy gives. Denials, reads and commands are
 * recorded. Thread-safe.
 */
public final class PolicedPeer implements Driver {
    private static final String DOOR = "databroker-peer";
    private static final String NAME = "broker";
    private static final long FLUSH_NANOS = 1_000_000_000L;

    private final ToolParts parts;
    private final VisitorLedger ledger;
    private final DatabrokerDriver driver;
    private boolean closed;

    public PolicedPeer(BrokerPeer peer, ToolParts parts) {
        this.parts = parts;
        InstantSource time = () -> Instant.ofEpochMilli(parts.clock().unixMillis());
        this.ledger = new VisitorLedger(parts.trail(), time);
        ScopedAccess access = new ScopedAccess(
                DOOR, token -> Optional.of(new Unscoped(NAME)), new Desk(parts.policy()), ledger, parts.clock());
        this.driver = new DatabrokerDriver(
                peer, access.caller(Optional.empty()).orElseThrow(), new CallerCommands(parts.actuators()));
    }

    /** No token narrows what the policy gives. */
    private record Unscoped(String name) implements BrokerCaller {
        @Override
        public boolean mayRead(SignalLeaf leaf) {
            return true;
        }

        @Override
        public Optional<SignalActuate> mayActuate(SignalLeaf leaf) {
            return Optional.of(SignalActuate.unlimited(new SignalGlob(leaf.path())));
        }

        @Override
        public boolean mayProvide(SignalLeaf leaf) {
            return true;
        }
    }

    @Override
    public String name() {
        return driver.name();
    }

    @Override
    public void start(DriverContext context) {
        driver.start(context);
        flushLater();
    }

    private void flushLater() {
        parts.scheduler().at(parts.clock().nanos() + FLUSH_NANOS, this::flush);
    }

    private synchronized void flush() {
        if (!closed) {
            ledger.flush();
            flushLater();
        }
    }

    @Override
    public void close() {
        driver.close();
        synchronized (this) {
            if (!closed) {
                closed = true;
                ledger.close();
            }
        }
    }
}
