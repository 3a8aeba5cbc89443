package dev.bulkhead.agent.api;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Repeats an answer until the caller goes away. A caller that does not read is not written to. */
final class Watch {
    private static final long MILLI = 1_000_000L;
    private static final int LONGEST_MS = 60_000;

    private Watch() {}

    /** The period in nanoseconds. */
    static long period(int asked, int usual, int least) {
        return Math.clamp(asked == 0 ? usual : Integer.toUnsignedLong(asked), least, LONGEST_MS) * MILLI;
    }

    static <T> void start(ApiParts parts, ServerCallStreamObserver<T> observer, long periodNanos, Supplier<T> answer) {
        AtomicBoolean gone = new AtomicBoolean();
        observer.setOnCancelHandler(() -> gone.set(true));
        tell(parts, observer, periodNanos, answer, gone);
    }

    private static <T> void tell(
            ApiParts parts,
            ServerCallStreamObserver<T> observer,
            long periodNanos,
            Supplier<T> answer,
            AtomicBoolean gone) {
        if (gone.get() || observer.isCancelled()) {
            return;
        }
        try {
            if (observer.isReady()) {
                observer.onNext(answer.get());
            }
        } catch (IllegalArgumentException e) {
            observer.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
            return;
        } catch (IllegalStateException callIsOver) {
            return;
        }
        parts.scheduler()
                .at(
                        parts.clock().nanos() + periodNanos,
                        () -> parts.threads().execute(() -> tell(parts, observer, periodNanos, answer, gone)));
    }
}
