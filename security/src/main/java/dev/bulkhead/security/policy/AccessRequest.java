package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.CanAccess;
import dev.bulkhead.contract.capability.CanIds;
import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Cloud;
import dev.bulkhead.contract.capability.Flow;
import dev.bulkhead.contract.capability.Infer;
import dev.bulkhead.contract.capability.Message;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.contract.capability.Storage;
import dev.bulkhead.contract.capability.TopicFilter;
import dev.bulkhead.contract.capability.Wasi;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One thing an app is about to do. Each constructor refuses, with an {@link IllegalArgumentException}, names that no
 * capability line could hold; to the app that is {@code INVAL}, not {@code PERM}.
 */
public sealed interface AccessRequest {
    /** The narrowest capability that covers the request, without limits. */
    Capability wanted();

    /** The request as an exact capability line: how the audit log names it. */
    default String line() {
        return wanted().toString();
    }

    /** Read or subscribe to one signal. */
    record ReadSignal(String path) implements AccessRequest {
        /** Refuses what is not one VSS path. */
        public ReadSignal {
            requireExact(path);
        }

        @Override
        public Capability wanted() {
            return new SignalRead(new SignalGlob(path), OptionalDouble.empty());
        }
    }

    /** Acquire and set one actuator. */
    record Actuate(String path) implements AccessRequest {
        /** Refuses what is not one VSS path. */
        public Actuate {
            requireExact(path);
        }

        @Override
        public Capability wanted() {
            return SignalActuate.unlimited(new SignalGlob(path));
        }
    }

    /** Receive frames with one id. */
    record ReceiveCan(String bus, int id, boolean extended) implements AccessRequest {
        /** Refuses ids and buses that cannot be. */
        public ReceiveCan {
            can(bus, id, extended);
        }

        @Override
        public Capability wanted() {
            return new CanReceive(can(bus, id, extended));
        }

        @Override
        public String line() {
            return "can " + bus + " rx " + CanIds.exactly(id, extended);
        }
    }

    /** Send frames with one id. */
    record TransmitCan(String bus, int id, boolean extended) implements AccessRequest {
        /** Refuses ids and buses that cannot be. */
        public TransmitCan {
            can(bus, id, extended);
        }

        @Override
        public Capability wanted() {
            return new CanTransmit(can(bus, id, extended));
        }

        @Override
        public String line() {
            return "can " + bus + " tx " + CanIds.exactly(id, extended);
        }
    }

    /** Publish to one topic within the vehicle. */
    record Publish(String topic) implements AccessRequest {
        /** Refuses filters and malformed topics. */
        public Publish {
            requireTopic(topic);
        }

        @Override
        public Capability wanted() {
            return new Message(new TopicFilter(topic), Flow.PUBLISH, OptionalDouble.empty());
        }
    }

    /** Subscribe to a filter within the vehicle; all of it must be granted. */
    record Subscribe(String filter) implements AccessRequest {
        /** Refuses malformed filters. */
        public Subscribe {
            new TopicFilter(filter);
        }

        @Override
        public Capability wanted() {
            return new Message(new TopicFilter(filter), Flow.SUBSCRIBE, OptionalDouble.empty());
        }
    }

    /** Publish beyond the vehicle, below the app's own prefix. */
    record PublishCloud(String topic) implements AccessRequest {
        /** Refuses filters and malformed topics. */
        public PublishCloud {
            requireTopic(topic);
        }

        @Override
        public Capability wanted() {
            return new Cloud(new TopicFilter(topic), Flow.PUBLISH, OptionalDouble.empty());
        }
    }

    /** Subscribe beyond the vehicle, below the app's own prefix; all of the filter must be granted. */
    record SubscribeCloud(String filter) implements AccessRequest {
        /** Refuses malformed filters. */
        public SubscribeCloud {
            new TopicFilter(filter);
        }

        @Override
        public Capability wanted() {
            return new Cloud(new TopicFilter(filter), Flow.SUBSCRIBE, OptionalDouble.empty());
        }
    }

    /** Use the key-value store at all; how much is in the capability that is granted. */
    record UseStorage() implements AccessRequest {
        private static final long MOST_STORAGE = 1L << 40;

        @Override
        public Capability wanted() {
            return new Storage(MOST_STORAGE);
        }

        @Override
        public String line() {
            return new Storage(1).toString();
        }
    }

    /** Use one part of WASI. */
    record UseWasi(Wasi.Part part) implements AccessRequest {
        @Override
        public Capability wanted() {
            return new Wasi(part);
        }
    }

    /** Run one model, named by its digest {@code sha256:…}. */
    record RunModel(String digest) implements AccessRequest {
        /** Refuses what is not a digest. */
        public RunModel {
            new Infer(Optional.of(digest));
        }

        @Override
        public Capability wanted() {
            return new Infer(Optional.of(digest));
        }
    }

    private static void requireExact(String path) {
        if (!new SignalGlob(path).isExact()) {
            throw new IllegalArgumentException("'" + path + "' names many signals; open them one by one");
        }
    }

    private static void requireTopic(String topic) {
        if (!new TopicFilter(topic).isExact()) {
            throw new IllegalArgumentException("'" + topic + "' is a filter; publish to one topic");
        }
    }

    /** With FD, so that a grant of FD frames keeps their lengths when it is cut down to this id. */
    private static CanAccess can(String bus, int id, boolean extended) {
        return new CanAccess(
                bus, CanIds.exactly(id, extended), true, OptionalDouble.empty(), Optional.empty(), Optional.empty());
    }
}
