package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.contract.proto.Block;
import dev.bulkhead.contract.proto.BlockRefusal;
import dev.bulkhead.contract.proto.UpdateState;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.VehicleClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From an order to a package at the installer's door: one assignment after the other, each skipped when it is done, resumed
 * when it was begun, given up when its source does not tell the truth. Used from the client's strand only.
 */
final class Work {
    private static final Logger LOG = LoggerFactory.getLogger(Work.class);
    private static final Duration GLANCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final OtaSettings settings;
    private final Handover handover;
    private final Companions companions;
    private final Carrier carrier;
    private final Downloads downloads;
    private final AssignmentBook book;
    private final Reports reports;
    private final Alarm alarm;
    private final Turns turns;
    private final VehicleClock clock;
    private final Steps steps;

    private final Set<String> rebuilt = new HashSet<>();
    private List<Assignment> waiting = List.of();
    private @Nullable Pull pull;
    private @Nullable Scheduled glance;
    private boolean online;

    Work(
            OtaSettings settings,
            OtaParts parts,
            Carrier carrier,
            Downloads downloads,
            AssignmentBook book,
            Reports reports,
            Alarm alarm,
            Turns turns) {
        this.settings = settings;
        this.handover = new Handover(parts.installer(), book, reports, alarm);
        this.companions = new Companions(handover, reports);
        this.clock = parts.clock();
        this.steps = parts.steps();
        this.carrier = carrier;
        this.downloads = downloads;
        this.book = book;
        this.reports = reports;
        this.alarm = alarm;
        this.turns = turns;
    }

    void connected() {
        online = true;
        if (pull != null) {
            glance();
        }
        next();
    }

    void disconnected() {
        online = false;
        if (pull != null) {
            pull.lineLost();
        }
    }

    /** The complete list of what should run here, verified. */
    void assign(List<Assignment> wanted) {
        book.keepOnly(wanted.stream().map(Assignment::id).collect(Collectors.toSet()));
        handover.adopt();
        waiting = new ArrayList<>(
                companions.admissible(wanted.stream().filter(handover::isOpen).toList(), wanted));
        downloads.keepOnly(waiting.stream().map(Assignment::sha256).collect(Collectors.toSet()));
        if (pull != null && !waiting.contains(pull.assignment())) {
            stopPull();
        }
        next();
    }

    private void next() {
        while (pull == null && !waiting.isEmpty()) {
            List<Assignment> due = companions.due(waiting);
            Optional<Assignment> next = companions.next(waiting);
            if (!due.isEmpty()) {
                if (!companions.deliver(due)) {
                    resumeLater();
                    return;
                }
                steps.passed(Steps.Step.HANDED_OVER);
                waiting.removeAll(due);
            } else if (next.isEmpty() || !took(next.get())) {
                return;
            }
        }
    }

    /** False when it must wait for the line. */
    private boolean took(Assignment assignment) {
        if (assignment.ensemble().isEmpty() && handover.isStored(assignment)) {
            done(assignment);
            handover.tell(assignment, handover.stored(assignment));
        } else if (assignment.length() > settings.limits().fileBytes()) {
            fail(
                    assignment,
                    UpdateState.UPDATE_STATE_REFUSED,
                    "size",
                    assignment.release() + " has " + assignment.length() + " bytes, limit "
                            + settings.limits().fileBytes());
        } else if (online) {
            begin(assignment);
        } else {
            return false;
        }
        return true;
    }

    private void begin(Assignment assignment) {
        try {
            pull = new Pull(
                    assignment, downloads.open(assignment.sha256(), assignment.layout()), carrier, settings.limits());
            reports.progress(assignment, UpdateState.UPDATE_STATE_DOWNLOADING, "", "");
            stand(pull.goOn(clock.nanos()));
        } catch (LedgerException e) {
            postpone(e);
        }
    }

    void received(Block block) {
        Pull current = pull;
        if (current == null
                || !current.assignment()
                        .sha256()
                        .equals(HexFormat.of().formatHex(block.getSha256().toByteArray()))) {
            foreign(block);
            return;
        }
        String faultBefore = current.lastFault();
        try {
            Pull.Standing standing = current.received(block, clock.nanos());
            if (!current.lastFault().equals(faultBefore)) {
                alarm.raise("block-hash", current.lastFault());
            }
            reports.downloading(current.assignment(), current.file().bytesHere());
            stand(standing);
        } catch (LedgerException e) {
            postpone(e);
        }
    }

    /** Blocks of a file that was just completed may still arrive; blocks of files nobody named here are a lie. */
    private void foreign(Block block) {
        String sha256 = HexFormat.of().formatHex(block.getSha256().toByteArray());
        boolean known = book.all().stream()
                .anyMatch(progress -> progress.getPackageSha256().equals(block.getSha256()));
        if (!known) {
            alarm.raise(
                    "foreign-block",
                    "block " + Integer.toUnsignedLong(block.getIndex()) + " of file "
                            + sha256.substring(0, Math.min(64, sha256.length()))
                            + " came, which was never assigned here");
        }
    }

    void received(BlockRefusal refusal) {
        Pull current = pull;
        if (current == null
                || !ManifestWriter.bytes(current.assignment().sha256()).equals(refusal.getSha256())) {
            return;
        }
        if (refusal.getReason().equals("busy")) {
            return;
        }
        giveUp(
                current,
                UpdateState.UPDATE_STATE_FAILED,
                "source",
                "the fleet refuses blocks of " + current.assignment().release() + ": " + refusal.getReason() + " "
                        + refusal.getDetail());
        next();
    }

    private void stand(Pull.Standing standing) {
        Pull current = pull;
        if (current == null) {
            return;
        }
        switch (standing) {
            case Pull.Standing.Going _ -> glanceLater();
            case Pull.Standing.Complete _ -> complete(current);
            case Pull.Standing.GivenUp givenUp
            when givenUp.attack() -> {
                alarm.raise(givenUp.reason(), givenUp.detail());
                giveUp(current, UpdateState.UPDATE_STATE_REFUSED, givenUp.reason(), givenUp.detail());
                next();
            }
            case Pull.Standing.GivenUp givenUp -> {
                reports.progress(
                        current.assignment(), UpdateState.UPDATE_STATE_DOWNLOADING, givenUp.reason(), givenUp.detail());
                stopPull();
                resumeLater();
            }
        }
    }

    private void glanceLater() {
        if (glance == null) {
            glance = turns.after(GLANCE, this::glance);
        }
    }

    /** Once a second while pulling: asks again for what is overdue, and for what could not be asked. */
    private void glance() {
        glance = null;
        if (pull == null || !online) {
            return;
        }
        try {
            long now = clock.nanos();
            stand(now >= pull.overdueAt() ? pull.overdue(now) : pull.goOn(now));
        } catch (LedgerException e) {
            postpone(e);
        }
    }

    private void complete(Pull current) {
        Assignment assignment = current.assignment();
        reports.progress(assignment, UpdateState.UPDATE_STATE_VERIFYING, "", "");
        if (!current.file().verifies()) {
            rebuild(current);
            return;
        }
        steps.passed(Steps.Step.FILE_VERIFIED);
        if (assignment.ensemble().isPresent()) {
            companions.keep(assignment, current.file());
            pull = null;
            next();
            return;
        }
        InstallReceipt receipt = handover.file(assignment, current.file().path());
        steps.passed(Steps.Step.HANDED_OVER);
        pull = null;
        done(assignment);
        handover.tell(assignment, receipt);
        current.file().discard();
        steps.passed(Steps.Step.PART_DISCARDED);
        next();
    }

    /** Every block was right when it came, yet the file is not: the disk forgot. Once more from the start, then give up. */
    private void rebuild(Pull current) {
        Assignment assignment = current.assignment();
        String detail =
                "the blocks of " + assignment.release() + " verified one by one, but the whole file on disk does not"
                        + " have its signed hash " + assignment.sha256();
        LOG.warn(detail);
        pull = null;
        current.file().discard();
        if (!rebuilt.add(assignment.id())) {
            fail(assignment, UpdateState.UPDATE_STATE_FAILED, "file-hash", detail);
        }
        next();
    }

    /** Settled, with those that go with it. */
    private void fail(Assignment assignment, UpdateState state, String reason, String detail) {
        done(assignment);
        reports.progress(assignment, state, reason, detail);
        waiting.removeAll(companions.keepOut(assignment, waiting, state, reason, detail));
    }

    private void giveUp(Pull current, UpdateState state, String reason, String detail) {
        pull = null;
        current.file().discard();
        fail(current.assignment(), state, reason, detail);
    }

    /** Settled one way or another. */
    private void done(Assignment assignment) {
        waiting.remove(assignment);
    }

    private void postpone(LedgerException e) {
        LOG.error("pulling stops for {} s: {}", PAUSE.toSeconds(), e.getMessage());
        if (pull != null) {
            reports.progress(
                    pull.assignment(), UpdateState.UPDATE_STATE_DOWNLOADING, "storage", String.valueOf(e.getMessage()));
        }
        stopPull();
        resumeLater();
    }

    private void resumeLater() {
        turns.after(PAUSE, this::next);
    }

    private void stopPull() {
        if (pull != null) {
            pull.close();
            pull = null;
        }
    }

    /** What is being pulled now. */
    Optional<OtaStatus.Downloading> downloading() {
        return Optional.ofNullable(pull)
                .map(current -> new OtaStatus.Downloading(
                        current.assignment().release().appId(),
                        current.assignment().release().version(),
                        current.file().bytesHere(),
                        current.assignment().length()));
    }

    void close() {
        stopPull();
        companions.close();
    }
}
