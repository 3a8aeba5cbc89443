package dev.bulkhead.hal.door;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Answers bytes that are no message with {@code INVALID_ARGUMENT} and what is wrong with them. gRPC alone says {@code UNKNOWN} and writes a
 * stack trace into the log for each, which whoever reaches the port could fill a disk with.
 */
public final class MalformedMessages implements ServerInterceptor {
    private MalformedMessages() {}

    /** The service behind this check; other interceptors come before it. */
    public static ServerServiceDefinition refusedBy(BindableService service) {
        return ServerInterceptors.intercept(
                ServerInterceptors.useInputStreamMessages(service.bindService()), new MalformedMessages());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new Reader<>(next.startCall(call, headers), call);
    }

    /** Messages are read, from the wire's bytes, below this listener. */
    private static final class Reader<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private boolean refused;

        private Reader(ServerCall.Listener<Q> below, ServerCall<Q, ?> call) {
            super(below);
            this.call = call;
        }

        @Override
        public void onMessage(Q bytes) {
            if (refused) {
                return;
            }
            try {
                super.onMessage(bytes);
            } catch (StatusRuntimeException e) {
                if (!(e.getCause() instanceof InvalidProtocolBufferException wrong)) {
                    throw e;
                }
                refused = true;
                call.close(
                        Status.INVALID_ARGUMENT.withDescription("the bytes sent to "
                                + call.getMethodDescriptor().getFullMethodName() + " are no message it takes: "
                                + wrong.getMessage()),
                        new Metadata());
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }

        /** Who was in the middle of a stream of messages learns that it is over. */
        @Override
        public void onComplete() {
            if (refused) {
                super.onCancel();
            } else {
                super.onComplete();
            }
        }
    }
}
