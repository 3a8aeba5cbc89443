package dev.bulkhead.server.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.bulkhead.server.campaign.ActionState;
import dev.bulkhead.server.campaign.AssignmentStatus;
import dev.bulkhead.server.campaign.RolloutStatus;
import dev.bulkhead.server.store.ActionRow;
import dev.bulkhead.server.store.AssignmentRow;
import dev.bulkhead.server.store.AuditConflictTable;
import dev.bulkhead.server.store.CheckpointTable;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.IncidentTable;
import dev.bulkhead.server.store.InstalledRow;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.Transaction;
import dev.bulkhead.server.store.VehicleRow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the API shows, field by field; times are ISO 8601 in UTC, hashes lower-case hex, sizes bytes. */
public final class Views {
    private Views() {}

    /** One release of an app. */
    public record Release(
            String appId,
            String version,
            long release,
            String vendor,
            boolean published,
            long length,
            String sha256,
            String packageDigest,
            String hardwareId,
            String targetPath,
            String receivedAt) {
        static Release of(ReleaseRow row) {
            return new Release(
                    row.appId(),
                    row.version(),
                    row.counter(),
                    row.vendor(),
                    row.published(),
                    row.length(),
                    row.sha256(),
                    row.packageDigest(),
                    row.hardwareId(),
                    row.targetPath(),
                    time(row.receivedAt()));
        }
    }

    /** An app and its releases, newest first. */
    public record App(String appId, String vendor, List<Release> releases) {}

    /** An app on a vehicle, as its signed manifest says. */
    public record Installed(String appId, String version, long release, String sha256, String phase) {
        static Installed of(InstalledRow row) {
            return new Installed(row.appId(), row.version(), row.counter(), row.sha256(), row.phase());
        }
    }

    /** What a vehicle should run in one app slot. */
    public record Desired(String appId, String version, String assignmentId) {
        static Desired of(DesiredRow row) {
            return new Desired(row.appId(), row.version(), row.assignmentId());
        }
    }

    /**
     * A vehicle.
     *
     * @param manifestAt when its last good version manifest came; empty = never
     * @param directorRoot version of the director's root it believes; 0 = not known
     * @param imageRoot version of the image repository's root it believes; 0 = not known
     * @param auditEntries entries in its audit log at the last checkpoint
     * @param auditRoot root hash of that checkpoint; empty = none
     * @param auditConflict how its audit log contradicts what it signed before; empty = it does not
     */
    public record Vehicle(
            String id,
            boolean online,
            boolean blocked,
            String firstSeen,
            String lastSeen,
            String agentVersion,
            Map<String, String> attributes,
            List<Installed> installed,
            List<Desired> desired,
            String manifestAt,
            long directorRoot,
            long imageRoot,
            long auditEntries,
            String auditRoot,
            String auditConflict) {
        static Vehicle of(Transaction tx, VehicleRow row) {
            var checkpoint = tx.checkpoints().find(row.id());
            return new Vehicle(
                    row.id(),
                    row.online(),
                    row.blocked(),
                    time(row.firstSeen()),
                    time(row.lastSeen()),
                    row.agentVersion(),
                    row.attributes(),
                    tx.vehicles().installed(row.id()).stream()
                            .map(Installed::of)
                            .toList(),
                    tx.assignments().desired(row.id()).stream().map(Desired::of).toList(),
                    row.manifestAt() == 0 ? "" : time(row.manifestAt()),
                    row.directorRoot(),
                    row.imageRoot(),
                    checkpoint.map(CheckpointTable.Row::size).orElse(0L),
                    checkpoint.map(CheckpointTable.Row::root).orElse(""),
                    tx.auditConflicts()
                            .find(row.id())
                            .map(AuditConflictTable.Row::why)
                            .orElse(""));
        }
    }

    /** Where one vehicle stands with an assignment. */
    public record Action(
            String vehicleId, String state, long done, long total, String reason, String detail, String updatedAt) {
        static Action of(ActionRow row) {
            return new Action(
                    row.vehicleId(),
                    row.state(),
                    row.done(),
                    row.total(),
                    row.reason(),
                    row.detail(),
                    time(row.updatedAt()));
        }
    }

    /**
     * An assignment.
     *
     * @param finished whether there is a vehicle, and every one has reached a final state
     * @param counts vehicles by state; states without any are left out
     * @param companions assignments that the same vehicles take over with it, all or none
     * @param change rises with every change anywhere; to be handed back to wait for the next
     */
    public record Assignment(
            String id,
            String appId,
            String version,
            boolean wholeFleet,
            String createdAt,
            boolean finished,
            Map<String, Long> counts,
            List<Action> vehicles,
            List<Companion> companions,
            long change) {
        static Assignment of(AssignmentStatus status, long change) {
            Map<String, Long> counts = new LinkedHashMap<>();
            for (ActionState state : ActionState.values()) {
                long count = status.count(state);
                if (count > 0) {
                    counts.put(state.word(), count);
                }
            }
            return new Assignment(
                    status.assignment().id(),
                    status.assignment().appId(),
                    status.assignment().version(),
                    status.assignment().wholeFleet(),
                    time(status.assignment().createdAt()),
                    status.isFinished(),
                    counts,
                    status.actions().stream().map(Action::of).toList(),
                    status.companions().stream()
                            .map(row -> new Companion(row.id(), row.appId(), row.version()))
                            .toList(),
                    change);
        }
    }

    /** An assignment that goes with another, all or none. */
    public record Companion(String id, String appId, String version) {}

    /**
     * How a vehicle's audit log stands.
     *
     * @param key verifier key of the log, pinned at first sight; empty = not known yet
     * @param entries entries under the newest head
     * @param note that head, a C2SP signed note
     * @param told up to which entry the views are known
     * @param firstRetained the views count from this entry on
     * @param conflict null = none
     */
    public record VehicleAudit(
            String vehicle,
            String key,
            long entries,
            String root,
            String note,
            String headAt,
            long told,
            long firstRetained,
            String viewsAt,
            @Nullable AuditConflict conflict) {}

    /**
     * What a vehicle signed that cannot be true of one log.
     *
     * @param held the note that was believed
     * @param offered the note that contradicts it
     */
    public record AuditConflict(String why, String firstAt, String lastAt, long times, String held, String offered) {}

    /**
     * An entry that a vehicle showed.
     *
     * @param entry index, time, kind and the entry's own fields
     * @param proof C2SP tlog-proof; {@code bulkhead audit verify --proof} checks it with the vehicle's key
     */
    public record AuditedEntry(String vehicle, long index, Map<String, Object> entry, String proof) {}

    /** Something that was refused, or made no sense. */
    public record Incident(String at, String vehicleId, String cause, String detail) {
        static Incident of(IncidentTable.Row row) {
            return new Incident(time(row.at()), row.vehicleId(), row.cause(), row.detail());
        }
    }

    /** A role's metadata was taken; these releases were published by it. */
    public record Published(String role, List<Release> published) {}

    /**
     * What an operator asks for: {@code vehicles} empty = the whole fleet; {@code version} empty = the newest.
     *
     * @param with apps that the vehicles take over together with this one, all or none
     */
    public record Order(String id, String appId, String version, List<String> vehicles, List<Together> with) {
        /** An order of one app. */
        public Order(String id, String appId, String version, List<String> vehicles) {
            this(id, appId, version, vehicles, List.of());
        }
    }

    /** A further app of an order; {@code version} empty = the newest. */
    public record Together(String appId, String version) {}

    /**
     * One group of a campaign.
     *
     * @param pending vehicles that have not ended
     */
    public record Group(int vehicles, int succeeded, int failed, int pending) {}

    /**
     * A release that goes out in groups; where each vehicle stands is the assignment of the same id.
     *
     * @param fallback release that updated vehicles get when the fleet is taken back; empty = none
     * @param companions apps that go out with it as one, all or none
     * @param phase running, soaking, paused, completed, rolling-back or rolled-back
     * @param active whether it goes on by itself: running, soaking or rolling-back
     * @param group the newest group that was opened, from 1
     * @param since when phase or group began
     * @param detail why it is as it is; may be empty
     * @param change rises with every change anywhere; to be handed back to wait for the next
     */
    public record Campaign(
            String id,
            String appId,
            String version,
            String fallback,
            List<CampaignCompanion> companions,
            String phase,
            boolean active,
            int group,
            List<Group> groups,
            String since,
            String detail,
            long change) {
        static Campaign of(RolloutStatus status, long change) {
            return new Campaign(
                    status.assignment().id(),
                    status.assignment().appId(),
                    status.assignment().version(),
                    status.row().fallback(),
                    status.companions().stream()
                            .map(row -> CampaignCompanion.of(row, status))
                            .toList(),
                    status.phase().word(),
                    status.phase().isActive(),
                    status.row().group() + 1,
                    status.groups().stream()
                            .map(tally -> new Group(
                                    tally.vehicles(),
                                    tally.succeeded(),
                                    tally.failed(),
                                    tally.vehicles() - tally.succeeded() - tally.failed()))
                            .toList(),
                    time(status.row().since()),
                    status.row().detail(),
                    change);
        }
    }

    /**
     * A further app of a campaign.
     *
     * @param id of the assignment where each vehicle stands with it
     * @param fallback as the campaign's
     */
    public record CampaignCompanion(String id, String appId, String version, String fallback) {
        static CampaignCompanion of(AssignmentRow row, RolloutStatus status) {
            return new CampaignCompanion(
                    row.id(), row.appId(), row.version(), status.fallbacks().getOrDefault(row.appId(), ""));
        }
    }

    /** A further app of a campaign that is asked for; {@code version} empty = the newest, {@code fallback} empty = none. */
    public record CampaignTogether(String appId, String version, String fallback) {}

    /** Which vehicles stand in a group: a share of all, or those that say these attributes of themselves. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GroupOrder(
            @Nullable Integer percent, @Nullable Map<String, String> filter) {}

    /**
     * What an operator asks for; the fields of a plan are those of {@link dev.bulkhead.server.campaign.RolloutPlan}.
     *
     * @param with apps that the vehicles take over together with this one, all or none; a fallback for each or for none
     * @param onError pause or roll-back
     */
    public record CampaignOrder(
            String id,
            String appId,
            String version,
            String fallback,
            List<CampaignTogether> with,
            Map<String, String> filter,
            List<GroupOrder> groups,
            int successPercent,
            int errorPercent,
            int minimumSample,
            long soakSeconds,
            String onError) {
        /** An order of one app. */
        public CampaignOrder(
                String id,
                String appId,
                String version,
                String fallback,
                Map<String, String> filter,
                List<GroupOrder> groups,
                int successPercent,
                int errorPercent,
                int minimumSample,
                long soakSeconds,
                String onError) {
            this(
                    id,
                    appId,
                    version,
                    fallback,
                    List.of(),
                    filter,
                    groups,
                    successPercent,
                    errorPercent,
                    minimumSample,
                    soakSeconds,
                    onError);
        }
    }

    static String time(long unixMillis) {
        return Instant.ofEpochMilli(unixMillis).toString();
    }
}
