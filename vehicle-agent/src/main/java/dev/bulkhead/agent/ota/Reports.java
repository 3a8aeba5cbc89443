package dev.bulkhead.agent.ota;

import com.google.protobuf.ByteString;
import dev.bulkhead.agent.lifecycle.InstalledRelease;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import dev.bulkhead.contract.proto.AppHealth;
import dev.bulkhead.contract.proto.Health;
import dev.bulkhead.contract.proto.Progress;
import dev.bulkhead.contract.proto.UpdateState;
import dev.bulkhead.hal.time.VehicleClock;
import java.time.Duration;
import java.util.Optional;

/**
 * What the vehicle tells its fleet. The newest word on each assignment is durable and said again on every connection, so
 * nothing is lost with a line; handlers at the other end are idempotent.
 */
final class Reports {
    private static final long DOWNLOAD_WORD_EVERY = Duration.ofSeconds(1).toNanos();

    private final OtaSettings settings;
    private final Transport transport;
    private final PackageInstaller installer;
    private final AssignmentBook book;
    private final AuditReports auditReports;
    private final VehicleClock clock;
    private final ManifestWriter manifests;
    private final Steps steps;
    private boolean unsaid;
    private long lastDownloadWord;

    Reports(OtaSettings settings, OtaParts parts, AssignmentBook book, ManifestWriter manifests) {
        this.settings = settings;
        this.transport = parts.transport();
        this.installer = parts.installer();
        this.auditReports = new AuditReports(parts.auditHead(), parts.transport(), parts.clock());
        this.clock = parts.clock();
        this.steps = parts.steps();
        this.book = book;
        this.manifests = manifests;
    }

    /** A new line: whatever was said on the old one may be lost. */
    void connected() {
        auditReports.connected();
        sayAll();
        sayHealth();
    }

    /** Every {@link OtaSettings#sayEvery()}. */
    void tick() {
        if (unsaid) {
            sayAll();
        }
        sayHealth();
        auditReports.say();
    }

    private void sayAll() {
        unsaid = false;
        book.all().forEach(this::say);
    }

    private void say(Progress progress) {
        if (!transport.publish(Up.PROGRESS, progress.toByteArray())) {
            unsaid = true;
        }
    }

    /** Notes and says where an assignment stands; the same word twice is noted once. */
    void progress(Progress progress) {
        if (book.find(progress.getAssignmentId()).filter(progress::equals).isPresent()) {
            return;
        }
        book.note(progress);
        if (AssignmentBook.settled(progress)) {
            steps.passed(Steps.Step.OUTCOME_NOTED);
        }
        say(progress);
    }

    void progress(Assignment assignment, UpdateState state, String reason, String detail) {
        progress(about(assignment)
                .setState(state)
                .setReason(reason)
                .setDetail(detail)
                .build());
    }

    /** How far a download is: said once a second at most, never noted. */
    void downloading(Assignment assignment, long bytesHere) {
        long now = clock.nanos();
        if (now - lastDownloadWord < DOWNLOAD_WORD_EVERY && bytesHere < assignment.length()) {
            return;
        }
        lastDownloadWord = now;
        transport.publish(
                Up.PROGRESS,
                about(assignment)
                        .setState(UpdateState.UPDATE_STATE_DOWNLOADING)
                        .setDone(bytesHere)
                        .build()
                        .toByteArray());
    }

    /** What the lifecycle room says about a release it took; true when that settled an assignment of the fleet's. */
    boolean outcome(UpdateReport report) {
        Optional<Progress> noted = book.find(report.assignment());
        if (noted.isEmpty()) {
            return false;
        }
        Progress now = Outcomes.apply(noted.get(), report.outcome());
        progress(now);
        return AssignmentBook.settled(now) && !AssignmentBook.settled(noted.get());
    }

    private static Progress.Builder about(Assignment assignment) {
        return Progress.newBuilder()
                .setAssignmentId(assignment.id())
                .setAppId(assignment.release().appId())
                .setVersion(assignment.release().version())
                .setRelease(assignment.release().release())
                .setTotal(assignment.length())
                .setPackageSha256(ManifestWriter.bytes(assignment.sha256()));
    }

    /** Whether the fleet's picture of what is installed here is out of date. */
    boolean manifestIsStale() {
        return manifests.isStale();
    }

    /** @param refusal why the bundle that brought the nonce was not believed; empty when it was, or there was none */
    void manifest(ByteString nonce, Optional<TrustGate.Verdict.Refused> refusal) {
        transport.publish(Up.MANIFEST, manifests.write(nonce, refusal).toByteArray());
    }

    void sayHealth() {
        Health.Builder health = Health.newBuilder()
                .setOnline(true)
                .setUnixMs(clock.unixMillis())
                .setUptimeMs(Duration.ofNanos(clock.nanos()).toMillis())
                .setAgentVersion(settings.agentVersion());
        for (InstalledRelease installed : installer.installed()) {
            health.addApps(AppHealth.newBuilder()
                    .setAppId(installed.release().appId())
                    .setVersion(installed.release().version())
                    .setPhase(installed.phase()));
        }
        transport.publish(Up.HEALTH, health.build().toByteArray());
    }

    /** The fleet told which head it holds, and how much of the views: the next ones begin there. */
    void auditKnown(long size, long told) {
        auditReports.known(size, told);
    }

    /** The fleet wants the newest head, proved from the one it holds. */
    void auditWanted(long size) {
        auditReports.wanted(size);
    }
}
