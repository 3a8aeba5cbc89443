package dev.bulkhead.server.store;

import org.jdbi.v3.core.Handle;

/** The tables, as seen inside one transaction. Not to be kept or shared beyond it. */
public final class Transaction {
    private final Handle handle;

    Transaction(Handle handle) {
        this.handle = handle;
    }

    /** Vehicles and what they said of themselves. */
    public VehicleTable vehicles() {
        return new VehicleTable(handle);
    }

    /** Published packages and their blobs. */
    public ReleaseTable releases() {
        return new ReleaseTable(handle);
    }

    /** Assignments, and where each vehicle stands. */
    public AssignmentTable assignments() {
        return new AssignmentTable(handle);
    }

    /** Assignments that go out in groups. */
    public RolloutTable rollouts() {
        return new RolloutTable(handle);
    }

    /** Signed trust metadata, all versions. */
    public MetadataTable metadata() {
        return new MetadataTable(handle);
    }

    /** Certificates given out and taken back. */
    public CertificateTable certificates() {
        return new CertificateTable(handle);
    }

    /** Heads of the vehicles' audit logs. */
    public CheckpointTable checkpoints() {
        return new CheckpointTable(handle);
    }

    /** What the vehicles' audit logs say. */
    public AuditViewsTable auditViews() {
        return new AuditViewsTable(handle);
    }

    /** Vehicles whose audit log contradicts itself. */
    public AuditConflictTable auditConflicts() {
        return new AuditConflictTable(handle);
    }

    /** What was refused or made no sense. */
    public IncidentTable incidents() {
        return new IncidentTable(handle);
    }
}
