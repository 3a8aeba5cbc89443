package dev.bulkhead.agent.host;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.ActuationListener;
import dev.bulkhead.hal.actuation.ActuationOutcome;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.security.audit.AuditTrail;
import java.util.function.BooleanSupplier;

/** Writes every command to an actuator, its outcome, and every failsafe into the audit log, one by one. Thread-safe. */
public final class ActuationAudit implements ActuationListener {
    private final AuditTrail trail;
    private final AppDirectory apps;
    private final BooleanSupplier mayActuate;

    /** @param mayActuate false when the log can take no more: then nothing moves */
    public ActuationAudit(AuditTrail trail, AppDirectory apps, BooleanSupplier mayActuate) {
        this.trail = trail;
        this.apps = apps;
        this.mayActuate = mayActuate;
    }

    @Override
    public boolean canRecord() {
        return mayActuate.getAsBoolean();
    }

    @Override
    public void happened(ActuationRecord event) {
        switch (event.kind()) {
            case ACQUIRE -> command(event, AuditEntry.Actuated.Operation.ACQUIRE);
            case SET -> command(event, AuditEntry.Actuated.Operation.SET);
            case RELEASE -> command(event, AuditEntry.Actuated.Operation.RELEASE);
            case LOST -> command(event, AuditEntry.Actuated.Operation.LOST);
            case HANDOVER -> command(event, AuditEntry.Actuated.Operation.ACQUIRE);
            case FAILSAFE -> failsafe(event);
            case RENEW -> {
                if (!event.outcome().done()) {
                    command(event, AuditEntry.Actuated.Operation.ACQUIRE);
                }
            }
        }
    }

    private void command(ActuationRecord event, AuditEntry.Actuated.Operation operation) {
        AuditEntry.Builder entry = about(event.owner());
        AuditEntry.Actuated.Builder actuated = entry.getActuatedBuilder()
                .setPath(event.actuator().path())
                .setOperation(operation)
                .setStatus(event.outcome().code())
                .setWhy(event.detail());
        event.requested().ifPresent(value -> value(actuated, value));
        if (event.outcome() == ActuationOutcome.CLAMPED
                && event.applied().orElse(null) instanceof SignalValue.Scalar applied) {
            actuated.setApplied(applied.asDouble());
        }
        trail.append(entry.build());
    }

    private static void value(AuditEntry.Actuated.Builder actuated, SignalValue value) {
        switch (value) {
            case SignalValue.Scalar scalar when scalar.type().isReal() -> actuated.setNumber(scalar.asDouble());
            case SignalValue.Scalar scalar
            when scalar.type() == Datatype.BOOLEAN -> actuated.setTruth(scalar.bits() != 0);
            case SignalValue.Scalar scalar -> actuated.setInteger(scalar.asLong());
            case SignalValue.Text text -> actuated.setText(cut(text.text()));
            case SignalValue.Items items -> actuated.setText(cut(items.toString()));
        }
    }

    private static String cut(String text) {
        return text.length() > 256 ? text.substring(0, 256) : text;
    }

    private void failsafe(ActuationRecord event) {
        AuditEntry.Builder entry = about(event.owner());
        entry.getFailsafeAppliedBuilder()
                .setPath(event.actuator().path())
                .setAction(event.applied().map(Object::toString).orElse("release"))
                .setWhy(event.detail());
        trail.append(entry.build());
    }

    private AuditEntry.Builder about(ActuatorOwner owner) {
        AuditEntry.Builder entry = AuditEntry.newBuilder().setAppId(owner.app());
        apps.find(owner).ifPresent(label -> entry.setVersion(label.version()).setVendor(label.vendor()));
        return entry;
    }
}
