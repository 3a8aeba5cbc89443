package dev.bulkhead.hal.databroker;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Locale;
import java.util.Optional;

/** Finds out who calls before any call is looked at. An empty {@code authorization} header is as good as none. */
final class BrokerAuthentication implements ServerInterceptor {
    static final Context.Key<BrokerCaller> CALLER = Context.key("caller");
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "bearer ";

    private final BrokerAccess access;

    BrokerAuthentication(BrokerAccess access) {
        this.access = access;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<BrokerCaller> caller = access.caller(token(headers));
        if (caller.isEmpty()) {
            call.close(Status.UNAUTHENTICATED.withDescription("a valid bearer token is needed"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(CALLER, caller.get()), call, headers, next);
    }

    private static Optional<String> token(Metadata headers) {
        String header = headers.get(AUTHORIZATION);
        if (header == null || header.isBlank()) {
            return Optional.empty();
        }
        boolean bearer = header.toLowerCase(Locale.ROOT).startsWith(BEARER);
        String token = (bearer ? header.substring(BEARER.length()) : header).strip();
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }
}
