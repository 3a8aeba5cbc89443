package dev.bulkhead.hal.driver.databroker;

import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.databroker.ProtoValues;
import dev.bulkhead.hal.databroker.proto.v2.ActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.ActuateResponse;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands that passed our contracts, on their way to the peer: one at a time for each actuator, so that none overtakes another; while one is
 * under way the newest waits. Thread-safe.
 */
final class PeerOutlet implements ActuatorSink {
    private static final Logger LOG = LoggerFactory.getLogger(PeerOutlet.class);
    private static final int LONGEST_SECONDS = 5;

    private final Set<SignalLeaf> underWay = new HashSet<>();
    private final Map<SignalLeaf, SignalValue> next = new HashMap<>();
    private Set<String> known = Set.of();
    private VALGrpc.@Nullable VALStub peer;

    /** @param paths what the peer knows under our type */
    synchronized void connected(VALGrpc.VALStub stub, Set<String> paths) {
        peer = stub;
        known = Set.copyOf(paths);
    }

    synchronized void disconnected() {
        peer = null;
        next.clear();
        underWay.clear();
    }

    @Override
    public synchronized boolean ready(SignalLeaf actuator) {
        return peer != null && known.contains(actuator.path());
    }

    @Override
    public synchronized boolean apply(SignalLeaf actuator, SignalValue value) {
        VALGrpc.VALStub stub = peer;
        if (stub == null || !known.contains(actuator.path())) {
            return false;
        }
        if (underWay.add(actuator)) {
            send(stub, actuator, value);
        } else {
            next.put(actuator, value);
        }
        return true;
    }

    private void send(VALGrpc.VALStub stub, SignalLeaf actuator, SignalValue value) {
        ActuateRequest request = ActuateRequest.newBuilder()
                .setSignalId(SignalID.newBuilder().setPath(actuator.path()))
                .setValue(ProtoValues.toProto(value))
                .build();
        stub.withDeadlineAfter(LONGEST_SECONDS, TimeUnit.SECONDS).actuate(request, new StreamObserver<>() {
            @Override
            public void onNext(ActuateResponse response) {}

            @Override
            public void onError(Throwable problem) {
                LOG.warn(
                        "databroker does not take {} for {}: {}",
                        value,
                        actuator.path(),
                        Status.fromThrowable(problem).getCode());
                arrived(stub, actuator);
            }

            @Override
            public void onCompleted() {
                arrived(stub, actuator);
            }
        });
    }

    private synchronized void arrived(VALGrpc.VALStub stub, SignalLeaf actuator) {
        if (peer != stub) {
            return;
        }
        SignalValue waiting = next.remove(actuator);
        if (waiting == null) {
            underWay.remove(actuator);
        } else {
            send(stub, actuator, waiting);
        }
    }

    /** The protocol has no word for giving back: the last command stands until the peer decides otherwise. */
    @Override
    public void release(SignalLeaf actuator) {}
}
