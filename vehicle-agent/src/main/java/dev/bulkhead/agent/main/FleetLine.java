package dev.bulkhead.agent.main;

import dev.bulkhead.agent.identity.Credential;
import dev.bulkhead.agent.identity.EnrolmentPace;
import dev.bulkhead.agent.identity.EnrolmentParts;
import dev.bulkhead.agent.identity.IdentityKeeper;
import dev.bulkhead.agent.ota.Topics;
import dev.bulkhead.agent.ota.mqtt.LineIdentity;
import dev.bulkhead.agent.ota.mqtt.MqttSettings;
import dev.bulkhead.agent.ota.mqtt.MqttTransport;
import dev.bulkhead.contract.proto.Health;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.enrol.EstClient;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.Signer;
import dev.bulkhead.security.keys.TrustAnchor;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The line over MQTT and the vehicle's identity on it, which it may change while it stands. */
final class FleetLine implements AutoCloseable {
    private static final String IDENTITY_FILE = "identity.pem";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final MqttTransport transport;
    private final Signer signer;
    private final Optional<IdentityKeeper> keeper;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("identity").factory());

    private FleetLine(
            FleetAccess access,
            MqttSettings settings,
            Supplier<TrustAnchor> trust,
            Path dataDir,
            VehicleClock clock,
            Scheduler scheduler,
            SecureRandom random) {
        this.keeper = access.enrolment()
                .map(enrolment -> IdentityKeeper.open(
                        dataDir.resolve(IDENTITY_FILE),
                        new Credential(access.signer(), access.identity()),
                        new EnrolmentParts(
                                new EstClient(enrolment.service(), trust, PATIENCE),
                                enrolment.bootstrap(),
                                trust,
                                clock,
                                scheduler,
                                worker,
                                random,
                                EnrolmentPace.STANDARD)));
        this.signer = keeper.<Signer>map(each -> each).orElse(access.signer());
        this.transport = new MqttTransport(
                settings,
                keeper.map(FleetLine::identity)
                        .orElseGet(() -> () -> MutualTls.context(access.identity(), trust.get())),
                Health.newBuilder().setOnline(false).build().toByteArray(),
                clock,
                random);
    }

    /** Not opened yet. */
    static FleetLine of(
            FleetAccess access,
            String vehicleId,
            Supplier<TrustAnchor> trust,
            Path dataDir,
            VehicleClock clock,
            Scheduler scheduler,
            SecureRandom random) {
        MqttSettings settings = MqttSettings.standard(access.broker(), new Topics(access.fleet(), vehicleId));
        return new FleetLine(access, settings, trust, dataDir, clock, scheduler, random);
    }

    private static LineIdentity identity(IdentityKeeper keeper) {
        return new LineIdentity() {
            @Override
            public SSLContext tls() {
                return keeper.tlsOfNextLine();
            }

            @Override
            public void turnedAway(String cause) {
                keeper.turnedAway(cause);
            }
        };
    }

    MqttTransport transport() {
        return transport;
    }

    /** Signs with the key of the line's certificate. */
    Signer signer() {
        return signer;
    }

    /** Begins to look after the certificate. */
    void start() {
        keeper.ifPresent(each -> each.start(transport::reconnect));
    }

    /** When the vehicle's certificate ends; empty when nobody looks after it. */
    Optional<Instant> certificateEnds() {
        return keeper.map(IdentityKeeper::ends);
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
