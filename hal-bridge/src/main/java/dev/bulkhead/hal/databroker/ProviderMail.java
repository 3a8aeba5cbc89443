package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.databroker.proto.v2.Filter;
import dev.bulkhead.hal.databroker.proto.v2.GetProviderValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.SampleInterval;
import dev.bulkhead.hal.databroker.proto.v2.UpdateFilterRequest;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * What is said to one provider: answers, filters, questions, commands. While it does not read, commands and questions are refused, filters wait
 * with the newest for each signal, and nothing is read from it, so that nothing piles up. Thread-safe.
 */
final class ProviderMail {
    private static final int MOST_QUESTIONS = 16;

    private final ServerCallStreamObserver<OpenProviderStreamResponse> provider;
    private final Map<Integer, OptionalInt> filtersDue = new LinkedHashMap<>();
    private final Map<Integer, CompletableFuture<Boolean>> questions = new HashMap<>();
    private int lastRequest;
    private boolean readOwed;
    private boolean silent;
    private boolean ended;

    ProviderMail(ServerCallStreamObserver<OpenProviderStreamResponse> provider) {
        this.provider = provider;
        provider.setOnReadyHandler(this::roomAgain);
        provider.disableAutoRequest();
        provider.request(1);
    }

    /** Says something that answers what the provider said. */
    synchronized void say(OpenProviderStreamResponse.Builder words) {
        if (!ended) {
            provider.onNext(words.build());
        }
    }

    /** Says something unasked; false when the provider does not read. */
    synchronized boolean offer(OpenProviderStreamResponse.Builder words) {
        if (ended || !provider.isReady()) {
            return false;
        }
        provider.onNext(words.build());
        return true;
    }

    boolean ready() {
        return provider.isReady();
    }

    /** The provider's message is dealt with: take the next, as soon as it reads. */
    synchronized void readOn() {
        if (provider.isReady()) {
            provider.request(1);
        } else {
            readOwed = true;
        }
    }

    private synchronized void roomAgain() {
        sendFilters();
        if (readOwed && !ended) {
            readOwed = false;
            provider.request(1);
        }
    }

    /**
     * Asks for present values.
     *
     * @return true when they came; at once, and false, when the provider does not read or did not answer the last time
     */
    synchronized CompletableFuture<Boolean> ask(List<Integer> ids) {
        int request = lastRequest + 1;
        boolean asked = !silent
                && questions.size() < MOST_QUESTIONS
                && offer(OpenProviderStreamResponse.newBuilder()
                        .setGetProviderValueRequest(GetProviderValueRequest.newBuilder()
                                .setRequestId(request)
                                .addAllSignalIds(ids)));
        if (!asked) {
            return CompletableFuture.completedFuture(false);
        }
        lastRequest = request;
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        questions.put(request, answer);
        return answer;
    }

    /** It answers: it may be asked again. */
    synchronized void speaksAgain() {
        silent = false;
    }

    /** The answer to a question has been taken in. */
    synchronized void answered(int request) {
        CompletableFuture<Boolean> question = questions.remove(request);
        if (question != null) {
            question.complete(true);
        }
    }

    /** It did not answer in time: it is not asked again until it answers, so that readers need not wait for it. */
    synchronized void tooLate() {
        silent = true;
        giveUp();
    }

    private void giveUp() {
        questions.values().forEach(question -> question.complete(false));
        questions.clear();
    }

    /** How often signals are wanted, in milliseconds; empty for those nobody wants. */
    synchronized void filter(Map<Integer, OptionalInt> filters) {
        filtersDue.putAll(filters);
        sendFilters();
    }

    private void sendFilters() {
        if (filtersDue.isEmpty()) {
            return;
        }
        UpdateFilterRequest.Builder request = UpdateFilterRequest.newBuilder().setRequestId(lastRequest + 1);
        filtersDue.forEach((id, interval) -> {
            Filter.Builder filter = Filter.newBuilder();
            interval.ifPresent(millis ->
                    filter.setMinSampleInterval(SampleInterval.newBuilder().setIntervalMs(millis)));
            request.putFiltersUpdate(id, filter.build());
        });
        if (offer(OpenProviderStreamResponse.newBuilder().setUpdateFilterRequest(request))) {
            lastRequest++;
            filtersDue.clear();
        }
    }

    /** Nothing is said any more. */
    synchronized void end() {
        ended = true;
        giveUp();
    }
}
