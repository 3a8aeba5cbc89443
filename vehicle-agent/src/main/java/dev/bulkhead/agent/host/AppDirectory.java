package dev.bulkhead.agent.host;

import dev.bulkhead.hal.actuation.ActuatorOwner;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which running instance an owner of actuators is. Thread-safe. */
public final class AppDirectory {
    private final ConcurrentHashMap<ActuatorOwner, AppLabel> labels = new ConcurrentHashMap<>();

    void enter(ActuatorOwner owner, AppLabel label) {
        labels.put(owner, label);
    }

    void leave(ActuatorOwner owner) {
        labels.remove(owner);
    }

    Optional<AppLabel> find(ActuatorOwner owner) {
        return Optional.ofNullable(labels.get(owner));
    }
}
