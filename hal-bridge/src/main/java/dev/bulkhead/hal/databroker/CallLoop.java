package dev.bulkhead.hal.databroker;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutorGroup;
import java.util.concurrent.Executor;

/**
 * Tells each call which event loop carries its connection. A message made there goes out without waking another thread; work there must
 * be short and must not block. gRPC has no word for it, but makes a call's tracer on that loop.
 */
final class CallLoop extends ServerStreamTracer.Factory {
    private static final Context.Key<Executor> LOOP = Context.key("event loop");

    private final EventExecutorGroup loops;

    CallLoop(EventExecutorGroup loops) {
        this.loops = loops;
    }

    /** The loop of the call whose context this is, or {@code otherwise} outside of one. */
    static Executor ofThisCall(Executor otherwise) {
        Executor loop = LOOP.get();
        return loop == null ? otherwise : loop;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                return new Tracer(loop);
            }
        }
        return new ServerStreamTracer() {};
    }

    private static final class Tracer extends ServerStreamTracer {
        private final Executor loop;

        private Tracer(Executor loop) {
            this.loop = loop;
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(LOOP, loop);
        }
    }
}
