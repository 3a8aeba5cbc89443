package dev.bulkhead.agent.ota;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.Attribute;
import dev.bulkhead.contract.proto.Hello;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.SecurityFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asking the fleet what should run here: one hello at a time, asked again with growing patience, and bundles that answer
 * none of our hellos refused as replayed. Used from the client's strand only.
 */
final class Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    /** At most four hellos a second, however often we are woken. */
    private static final Duration SPACING = Duration.ofMillis(250);

    private static final int NONCE_BYTES = 16;
    /** The attribute by which the fleet learns the verifier key of the audit log. */
    private static final String AUDIT_KEY = "audit-key";

    private static final int REMEMBERED = 16;
    private static final Backoff AGAIN = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(5));

    private final OtaSettings settings;
    private final Transport transport;
    private final TrustGate trust;
    private final Turns turns;
    private final RandomGenerator random;
    private final AuditHead auditHead;
    private final Alarm alarm;
    private final Reports reports;
    private final Steps steps;
    private final VehicleClock clock;
    private final Consumer<List<Assignment>> orders;

    /** Newest last. */
    private final Deque<ByteString> nonces = new ArrayDeque<>();

    private boolean online;
    private boolean awaiting;
    private boolean askAgain;
    private boolean askingSoon;
    private long lastHello;
    private int unanswered;
    private @Nullable Scheduled timer;

    Conversation(
            OtaSettings settings,
            OtaParts parts,
            Turns turns,
            Alarm alarm,
            Reports reports,
            Consumer<List<Assignment>> orders) {
        this.settings = settings;
        this.transport = parts.transport();
        this.trust = parts.trust();
        this.random = parts.random();
        this.auditHead = parts.auditHead();
        this.steps = parts.steps();
        this.clock = parts.clock();
        this.turns = turns;
        this.alarm = alarm;
        this.reports = reports;
        this.orders = orders;
    }

    void connected() {
        online = true;
        awaiting = false;
        unanswered = 0;
        ask();
    }

    void disconnected() {
        online = false;
        awaiting = false;
        stopTimer();
    }

    /** Asks now, or once more when the answer that is on its way is here. */
    void ask() {
        if (!online) {
            return;
        }
        if (awaiting) {
            askAgain = true;
            return;
        }
        long tooSoon = lastHello + SPACING.toNanos() - clock.nanos();
        if (!nonces.isEmpty() && tooSoon > 0) {
            askSoon(Duration.ofNanos(tooSoon));
            return;
        }
        lastHello = clock.nanos();
        ByteString nonce = newNonce();
        if (!greet(nonce)) {
            return;
        }
        awaiting = true;
        long patience =
                settings.answerWithin().toNanos() + (unanswered == 0 ? 0 : AGAIN.delayNanos(unanswered, random));
        stopTimer();
        timer = turns.after(Duration.ofNanos(patience), () -> unanswered(nonce));
    }

    /** Whoever keeps waking us costs us a few verifications a second, not all our time. */
    private void askSoon(Duration delay) {
        if (!askingSoon) {
            askingSoon = true;
            turns.after(delay, () -> {
                askingSoon = false;
                ask();
            });
        }
    }

    /** False when the metadata kept here cannot be read now: asked again later, the apps run meanwhile. */
    private boolean greet(ByteString nonce) {
        try {
            transport.publish(Up.HELLO, hello(nonce).toByteArray());
            return true;
        } catch (SecurityFailure e) {
            LOG.error("cannot say what is trusted here: {}", e.getMessage());
            turns.after(PAUSE, this::ask);
            return false;
        }
    }

    private void unanswered(ByteString nonce) {
        if (awaiting && nonce.equals(nonces.peekLast())) {
            awaiting = false;
            unanswered++;
            ask();
        }
    }

    private ByteString newNonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        ByteString nonce = ByteString.copyFrom(bytes);
        nonces.addLast(nonce);
        if (nonces.size() > REMEMBERED) {
            nonces.removeFirst();
        }
        return nonce;
    }

    private Hello hello(ByteString nonce) {
        Hello.Builder hello = Hello.newBuilder()
                .setVehicleId(settings.vehicleId())
                .setNonce(nonce)
                .setDirectorRootVersion((int) trust.directorRootVersion())
                .setImageRootVersion((int) trust.imageRootVersion())
                .setAgentVersion(settings.agentVersion());
        for (Map.Entry<String, String> attribute : new TreeMap<>(settings.attributes()).entrySet()) {
            hello.addAttributes(
                    Attribute.newBuilder().setName(attribute.getKey()).setValue(attribute.getValue()));
        }
        auditHead
                .verifierKey()
                .ifPresent(key -> hello.addAttributes(
                        Attribute.newBuilder().setName(AUDIT_KEY).setValue(key)));
        return hello.build();
    }

    void received(MetadataBundle bundle) {
        ByteString nonce = bundle.getNonce();
        boolean answersNewest = nonce.equals(nonces.peekLast());
        if (!nonce.isEmpty() && !nonces.contains(nonce)) {
            alarm.raise("replay", "a metadata bundle answers hello " + hex(nonce) + ", which this vehicle never sent");
            return;
        }
        if (!nonce.isEmpty() && !answersNewest) {
            return;
        }
        if (answersNewest) {
            awaiting = false;
            unanswered = 0;
            stopTimer();
        }
        examine(bundle);
        if (askAgain) {
            askAgain = false;
            ask();
        }
    }

    private void examine(MetadataBundle bundle) {
        Optional<TrustGate.Verdict.Refused> refusal = Optional.empty();
        switch (trust.examine(bundle)) {
            case TrustGate.Verdict.Accepted accepted -> {
                steps.passed(Steps.Step.METADATA_ACCEPTED);
                orders.accept(accepted.assignments());
            }
            case TrustGate.Verdict.Refused refused -> {
                alarm.raise(refused.kind(), refused.detail());
                refusal = Optional.of(refused);
            }
            case TrustGate.Verdict.Undecided undecided -> {
                LOG.error("metadata cannot be judged now: {}", undecided.cause());
                turns.after(PAUSE, this::ask);
                return;
            }
        }
        reports.manifest(bundle.getManifestNonce(), refusal);
        reports.auditKnown(bundle.getAuditSize(), bundle.getAuditTold());
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray(), 0, Math.min(NONCE_BYTES, bytes.size()));
    }
}
