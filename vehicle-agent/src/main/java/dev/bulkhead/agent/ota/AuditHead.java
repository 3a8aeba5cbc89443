package dev.bulkhead.agent.ota;

import dev.bulkhead.contract.proto.AuditCheckpoint;
import java.util.Optional;

/** The newest signed head of the vehicle's audit log, already durable. Called on the client's strand. */
public interface AuditHead {
    /** There is no log. */
    AuditHead NONE = Optional::empty;

    Optional<AuditCheckpoint> newest();
}
