package dev.bulkhead.agent.api;

import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.contract.proto.ActuatorView;
import dev.bulkhead.contract.proto.ListActuatorsResponse;
import dev.bulkhead.contract.proto.ReadSignalsResponse;
import dev.bulkhead.contract.proto.SignalView;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalStore;
import java.util.Comparator;

/** Signals and actuators as messages. */
final class VehicleMessages {
    static final int MOST_SIGNALS = 2_000;
    private static final int USUAL_SIGNALS = 200;

    private VehicleMessages() {}

    /** @throws IllegalArgumentException when the glob is none */
    static ReadSignalsResponse signals(SignalStore store, String glob, int limit) {
        SignalGlob wanted = new SignalGlob(glob);
        int most = limit <= 0 ? USUAL_SIGNALS : Math.min(limit, MOST_SIGNALS);
        ReadSignalsResponse.Builder response = ReadSignalsResponse.newBuilder();
        store.tree().matching(wanted::matches).stream()
                .limit(most)
                .forEach(leaf -> response.addSignals(signal(store, leaf)));
        return response.build();
    }

    private static SignalView signal(SignalStore store, SignalLeaf leaf) {
        SignalReading reading = new SignalReading();
        var cell = store.cell(leaf.id());
        cell.read(reading);
        SignalView.Builder view = SignalView.newBuilder().setPath(leaf.path()).setUnit(leaf.unit());
        cell.valueOf(reading)
                .ifPresent(value -> view.setValue(value.toString())
                        .setAgeMs(Math.max(0, store.clock().nanos() - reading.timeNanos()) / 1_000_000)
                        .setStale(reading.stale(
                                store.clock().nanos(), leaf.ageLimit().toNanos())));
        return view.build();
    }

    static ListActuatorsResponse actuators(ActuatorBoard board, long nowNanos) {
        ListActuatorsResponse.Builder response = ListActuatorsResponse.newBuilder();
        board.views().stream()
                .filter(view -> view.owner().isPresent() || view.lastValue().isPresent() || view.refusals() > 0)
                .map(view -> actuator(view, nowNanos))
                .sorted(Comparator.comparing(ActuatorView::getPath))
                .forEach(response::addActuators);
        return response.build();
    }

    private static ActuatorView actuator(dev.bulkhead.hal.actuation.ActuatorView view, long nowNanos) {
        return ActuatorView.newBuilder()
                .setPath(view.actuator().path())
                .setOwner(view.owner().map(Object::toString).orElse(""))
                .setPriority(view.priority())
                .setLeaseLeftMs(view.owner().isEmpty() ? 0 : Math.max(0, view.leaseUntilNanos() - nowNanos) / 1_000_000)
                .setValue(view.lastValue().map(Object::toString).orElse(""))
                .setReason(view.lastReason())
                .setRefusal(view.lastRefusal())
                .setCommands(view.commands())
                .setRefusals(view.refusals())
                .setFailsafes(view.failsafes())
                .setDriven(view.driven())
                .setValueAgeMs(
                        view.lastValue().isEmpty() ? 0 : Math.max(0, nowNanos - view.lastTimeNanos()) / 1_000_000)
                .build();
    }
}
