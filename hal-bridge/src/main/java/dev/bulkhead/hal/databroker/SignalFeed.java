package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.Filter;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalSubscription;
import dev.bulkhead.hal.signal.SubscriptionLimitException;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One subscription call: present values of all its signals in the first answer, then what changed, as fast as the client reads. A slow
 * client fills its own bounded queues and nothing else.
 *
 * @param <A> the answer of the API version
 */
final class SignalFeed<A> {
    /** Most messages a client may have buffered. */
    static final int MAX_BUFFER = 1_000;

    /** Most signals in one call. */
    static final int MAX_SIGNALS = 4_096;

    private final Broker broker;
    private final ServerCallStreamObserver<A> client;
    private final Function<Map<SignalLeaf, Datapoint>, A> answer;
    private final Executor executor;
    private final Executor loop;
    private final List<SignalSubscription> subscriptions = new ArrayList<>();
    private final Map<SignalLeaf, Long> leastNanos = new HashMap<>();
    /** Above 0 while nothing may be sent by a drain: at first until the first answer is out. */
    private final AtomicInteger drains = new AtomicInteger(1);

    private final SignalReading reading = new SignalReading();
    private final BrokerCaller caller = Broker.caller();
    private @Nullable Scheduled end;
    private ProviderRegistry.@Nullable Listening listening;
    private int depth;
    private int subscribed;
    private volatile boolean closed;

    SignalFeed(
            Broker broker,
            ServerCallStreamObserver<A> client,
            Function<Map<SignalLeaf, Datapoint>, A> answer,
            Executor executor) {
        this.broker = broker;
        this.client = client;
        this.answer = answer;
        this.executor = executor;
        this.loop = CallLoop.ofThisCall(executor);
    }

    static SubscriptionOptions options(int bufferSize, Filter filter) {
        if (bufferSize < 0 || bufferSize > MAX_BUFFER) {
            throw Broker.error(Status.INVALID_ARGUMENT, "buffer_size is at most " + MAX_BUFFER);
        }
        long interval = Integer.toUnsignedLong(filter.getMinSampleInterval().getIntervalMs()) * 1_000_000;
        SubscriptionOptions options =
                bufferSize == 0 ? SubscriptionOptions.latest() : SubscriptionOptions.queue(bufferSize);
        return options.withChangesOnly(false).withMinInterval(interval);
    }

    /** What the subscriber asks of providers. */
    static OptionalInt interval(Filter filter) {
        return filter.hasMinSampleInterval()
                ? OptionalInt.of((int) Math.min(
                        Integer.toUnsignedLong(filter.getMinSampleInterval().getIntervalMs()), Integer.MAX_VALUE))
                : OptionalInt.empty();
    }

    void start(
            List<SignalLeaf> leaves,
            SubscriptionOptions options,
            OptionalInt interval,
            Scheduler scheduler,
            VehicleClock clock,
            long durationMillis) {
        if (leaves.isEmpty() || leaves.size() > MAX_SIGNALS) {
            throw Broker.error(Status.INVALID_ARGUMENT, "a subscription names 1 to " + MAX_SIGNALS + " signals");
        }
        if (!broker.feeds().take(caller.name(), leaves.size(), options.depth())) {
            throw Broker.error(
                    Status.RESOURCE_EXHAUSTED,
                    "too many signals with too many buffered messages are subscribed to; end a subscription first");
        }
        depth = options.depth();
        client.setOnCancelHandler(this::close);
        client.setOnReadyHandler(this::drainSoon);
        Map<SignalLeaf, Datapoint> first = new LinkedHashMap<>();
        try {
            subscribed = leaves.size();
            for (SignalLeaf leaf : leaves) {
                long least = caller.leastIntervalNanos(leaf);
                leastNanos.put(leaf, least);
                subscriptions.add(broker.store()
                        .subscribe(
                                leaf.id(),
                                options.withMinInterval(Math.max(options.minIntervalNanos(), least)),
                                this::drainSoon));
            }
        } catch (SubscriptionLimitException e) {
            close();
            throw Broker.error(Status.RESOURCE_EXHAUSTED, String.valueOf(e.getMessage()));
        }
        listen(leaves, interval);
        for (SignalLeaf leaf : leaves) {
            first.put(leaf, broker.datapoint(leaf));
        }
        if (durationMillis > 0) {
            end = scheduler.at(clock.nanos() + durationMillis * 1_000_000, () -> executor.execute(this::finish));
        }
        synchronized (client) {
            if (!closed) {
                client.onNext(answer.apply(first));
            }
        }
        drains.set(0);
        drainSoon();
    }

    /** At most one drain runs, and one more waits. It runs where its messages leave from: what a client reads at once is bounded, so is a drain. */
    private void drainSoon() {
        if (!closed && drains.getAndIncrement() == 0) {
            try {
                loop.execute(this::drain);
            } catch (RejectedExecutionException e) {
                closed = true;
            }
        }
    }

    private void drain() {
        int seen;
        do {
            seen = drains.get();
            while (!closed && client.isReady() && sendOne()) {
                // until nothing waits or the client has had enough
            }
        } while (drains.addAndGet(-seen) > 0);
    }

    /** Sends one value of each signal that has one waiting. */
    private boolean sendOne() {
        Map<SignalLeaf, Datapoint> news = new LinkedHashMap<>();
        for (SignalSubscription subscription : subscriptions) {
            if (subscription.poll(reading)) {
                news.put(subscription.leaf(), broker.datapoint(subscription.leaf(), reading));
            }
        }
        if (news.isEmpty()) {
            return false;
        }
        Optional<Status> ended = noLongerAllowed(news.keySet());
        if (ended.isPresent()) {
            refuse(ended.get());
            return false;
        }
        synchronized (client) {
            if (!closed) {
                client.onNext(answer.apply(news));
            }
        }
        return true;
    }

    /** What was allowed when the call began may have been taken back since. */
    private Optional<Status> noLongerAllowed(Set<SignalLeaf> leaves) {
        if (!caller.valid()) {
            return Optional.of(Status.UNAUTHENTICATED.withDescription("the token has expired"));
        }
        for (SignalLeaf leaf : leaves) {
            if (!caller.mayList(leaf)) {
                return Optional.of(Status.PERMISSION_DENIED.withDescription("may no longer read " + leaf.path()));
            }
            if (caller.leastIntervalNanos(leaf) > leastNanos.getOrDefault(leaf, 0L)) {
                return Optional.of(Status.RESOURCE_EXHAUSTED.withDescription(
                        "may read " + leaf.path() + " less often from now on; subscribe again"));
            }
        }
        return Optional.empty();
    }

    private void refuse(Status why) {
        synchronized (client) {
            if (!closed) {
                close();
                client.onError(why.asRuntimeException());
            }
        }
    }

    private void finish() {
        synchronized (client) {
            if (!closed) {
                close();
                client.onCompleted();
            }
        }
    }

    private void listen(List<SignalLeaf> leaves, OptionalInt interval) {
        synchronized (client) {
            if (!closed) {
                listening = broker.providers()
                        .listen(leaves.stream().map(SignalLeaf::id).toList(), interval);
            }
        }
    }

    private void close() {
        synchronized (client) {
            if (closed) {
                return;
            }
            closed = true;
            if (listening != null) {
                listening.close();
            }
        }
        broker.feeds().giveBack(caller.name(), subscribed, depth);
        subscriptions.forEach(SignalSubscription::close);
        if (end != null) {
            end.cancel();
        }
    }
}
