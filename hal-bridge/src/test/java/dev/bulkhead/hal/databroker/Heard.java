package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a stream brings, and how it ends. */
final class Heard<T> implements StreamObserver<T> {
    private static final int PATIENCE_SECONDS = 30;

    private final BlockingQueue<T> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status.Code> end = new LinkedBlockingQueue<>();

    @Override
    public void onNext(T message) {
        messages.add(message);
    }

    @Override
    public void onError(Throwable problem) {
        end.add(Status.fromThrowable(problem).getCode());
    }

    @Override
    public void onCompleted() {
        end.add(Status.Code.OK);
    }

    T next() throws InterruptedException {
        T message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(message, "nothing heard; ended with " + end);
        return message;
    }

    /** {@code OK} when a message came first, else how the stream ended. */
    Status.Code firstOrEnd() throws InterruptedException {
        for (int i = 0; i < PATIENCE_SECONDS * 100; i++) {
            if (!messages.isEmpty()) {
                return Status.Code.OK;
            }
            Status.Code code = end.poll(10, TimeUnit.MILLISECONDS);
            if (code != null) {
                return code;
            }
        }
        throw new AssertionError("neither a message nor an end");
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    Status.Code end() throws InterruptedException {
        Status.Code code = end.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(code, "the stream did not end");
        return code;
    }
}
