package dev.bulkhead.agent.ota;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.BlockReply;
import dev.bulkhead.contract.proto.Command;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.contract.proto.Wake;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vehicle's end of over-the-air updates (ota.md): says hello, believes only verified metadata, pulls missing packages
 * block by block, hands them to the installer, and tells the fleet what became of them.
 *
 * <p>All of it runs in turns on one strand and is free of transport, wall time and chance, so a simulation runs it unchanged.
 * Kill it at any moment: what was accepted is durable, and the next start goes on from there. Methods may be called from
 * any thread.
 */
public final class OtaClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OtaClient.class);

    private final OtaSettings settings;
    private final OtaParts parts;
    private final Turns turns;
    private final LedgerDatabase database;
    private final Alarm alarm;
    private final Reports reports;
    private final Work work;
    private final Conversation conversation;
    private volatile OtaStatus status = OtaStatus.INITIAL;
    private byte[] imageTimestamp = {};

    private OtaClient(OtaSettings settings, OtaParts parts, Path directory, LedgerDatabase database) {
        this.settings = settings;
        this.parts = parts;
        this.database = database;
        AttackLedger attacks = new AttackLedger(database);
        AssignmentBook book = new AssignmentBook(database);
        this.turns = new Turns(parts.strand(), parts.scheduler(), parts.clock());
        this.alarm = new Alarm(attacks, parts.witness(), parts.clock(), this::checkNow);
        ManifestWriter manifests =
                new ManifestWriter(settings.vehicleId(), parts.installer(), attacks, parts.signer(), parts.clock());
        this.reports = new Reports(settings, parts, book, manifests);
        Downloads downloads =
                new Downloads(directory.resolve("downloads"), new DownloadLedger(database), parts.steps());
        this.work = new Work(
                settings, parts, new MessageCarrier(parts.transport()), downloads, book, reports, alarm, turns);
        this.conversation = new Conversation(settings, parts, turns, alarm, reports, work::assign);
    }

    /**
     * Opens the client's memory in {@code directory}, which must exist: {@code ota.db} and {@code downloads/}.
     *
     * @throws LedgerException when that memory cannot be used
     */
    public static OtaClient open(OtaSettings settings, OtaParts parts, Path directory) {
        LedgerDatabase database = LedgerDatabase.open(directory.resolve("ota.db"));
        new AssignmentBook(database).mend();
        new DownloadLedger(database).mend();
        return new OtaClient(settings, parts, directory, database);
    }

    /** Starts connecting. Called once. */
    public void start() {
        parts.installer()
                .observe(report -> turns.soon(() -> {
                    if (reports.outcome(report)) {
                        conversation.ask();
                    }
                }));
        turns.soon(() -> parts.installer().reports().forEach(reports::outcome));
        turns.soon(this::scheduleTick);
        turns.soon(this::scheduleCheck);
        parts.transport().open(new Line());
    }

    /** Asks the fleet now whether there is news. */
    public void checkNow() {
        turns.soon(conversation::ask);
    }

    public OtaStatus status() {
        return status;
    }

    /** Ends the conversation cleanly and lets go of the disk, after the turn that runs. Idempotent. */
    @Override
    public void close() {
        parts.transport().close();
        turns.close(() -> {
            work.close();
            database.close();
        });
    }

    private void scheduleTick() {
        turns.after(settings.sayEvery(), () -> {
            alarm.tick();
            parts.installer().reports().forEach(reports::outcome);
            if (status.connected()) {
                reports.tick();
                if (reports.manifestIsStale()) {
                    conversation.ask();
                }
            }
            show(status.connected(), status.cause());
            scheduleTick();
        });
    }

    private void scheduleCheck() {
        turns.after(jittered(settings.checkEvery(), parts.random()), () -> {
            conversation.ask();
            scheduleCheck();
        });
    }

    private static Duration jittered(Duration around, RandomGenerator random) {
        long tenth = Math.max(1, around.toNanos() / 10);
        return around.plusNanos(random.nextLong(-tenth, tenth + 1));
    }

    private void show(boolean connected, String cause) {
        status = new OtaStatus(connected, cause, work.downloading(), alarm.last());
    }

    private void lineUp() {
        show(true, "");
        reports.connected();
        conversation.connected();
        work.connected();
    }

    private void lineDown(String cause) {
        work.disconnected();
        conversation.disconnected();
        show(false, cause);
    }

    private void understand(Dn dn, byte[] payload) {
        try {
            switch (dn) {
                case WAKE -> {
                    LOG.info("woken by the fleet: {}", Wake.parseFrom(payload).getReason());
                    conversation.ask();
                }
                case DIRECTOR -> conversation.received(MetadataBundle.parseFrom(payload));
                case BLOCK -> answer(BlockReply.parseFrom(payload));
                case COMMAND -> obey(Command.parseFrom(payload));
                case IMAGE_TIMESTAMP -> imageChanged(payload);
            }
        } catch (InvalidProtocolBufferException e) {
            alarm.raise(
                    "malformed",
                    "a message of " + payload.length + " bytes on dn/" + dn.level() + " is not protobuf: "
                            + e.getMessage());
        }
        show(status.connected(), status.cause());
    }

    private void answer(BlockReply reply) {
        switch (reply.getReplyCase()) {
            case BLOCK -> work.received(reply.getBlock());
            case REFUSAL -> work.received(reply.getRefusal());
            case REPLY_NOT_SET -> alarm.raise("malformed", "a message on dn/block holds neither a block nor a refusal");
        }
    }

    private void obey(Command command) {
        switch (command.getOrderCase()) {
            case SEND_MANIFEST -> reports.manifest(command.getSendManifest().getNonce(), Optional.empty());
            case SEND_AUDIT -> reports.auditWanted(command.getSendAudit().getFromSize());
            case SEND_HEALTH -> reports.sayHealth();
            case ORDER_NOT_SET ->
                alarm.raise("malformed", "command '" + command.getId() + "' holds no order that this agent knows");
        }
    }

    /** The retained timestamp comes again with each connection; only a change is news. Not believed, only a nudge. */
    private void imageChanged(byte[] timestamp) {
        boolean first = imageTimestamp.length == 0;
        if (!Arrays.equals(imageTimestamp, timestamp)) {
            imageTimestamp = timestamp;
            if (!first) {
                conversation.ask();
            }
        }
    }

    private final class Line implements Transport.Listener {
        @Override
        public void connected() {
            turns.surely(OtaClient.this::lineUp);
        }

        @Override
        public void disconnected(String cause) {
            turns.surely(() -> lineDown(cause));
        }

        @Override
        public void received(Dn dn, byte[] payload) {
            turns.soon(payload.length, () -> understand(dn, payload));
        }
    }
}
