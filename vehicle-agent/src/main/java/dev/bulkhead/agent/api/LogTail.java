package dev.bulkhead.agent.api;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.contract.proto.LogLine;
import dev.bulkhead.contract.proto.TailLogsRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;

/** The past lines of one app or all, then, if asked for, every further one. A reader that is too slow loses lines, nobody waits for it. */
final class LogTail {
    private static final int MOST_LINES = 1_000;
    private static final int MOST_WAITING = 1_000;
    private static final int BATCH = 200;
    private static final long LOOK_NANOS = 100_000_000L;

    private final ApiParts parts;
    private final ServerCallStreamObserver<LogLine> observer;
    private final ArrayBlockingQueue<LogBook.Line> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final List<Runnable> ends = new ArrayList<>();

    private LogTail(ApiParts parts, ServerCallStreamObserver<LogLine> observer) {
        this.parts = parts;
        this.observer = observer;
    }

    static void start(ApiParts parts, TailLogsRequest request, ServerCallStreamObserver<LogLine> observer) {
        List<LogBook> books = new ArrayList<>();
        if (request.getAppId().isEmpty()) {
            for (AppView app : parts.orchestrator().apps()) {
                parts.orchestrator().book(app.slot().appId()).ifPresent(books::add);
            }
        } else {
            Optional<LogBook> book = parts.orchestrator().book(request.getAppId());
            if (book.isEmpty()) {
                observer.onError(Status.NOT_FOUND
                        .withDescription("no app \"" + request.getAppId() + "\" is installed here")
                        .asRuntimeException());
                return;
            }
            books.add(book.get());
        }
        new LogTail(parts, observer).run(books, request);
    }

    private void run(List<LogBook> books, TailLogsRequest request) {
        observer.setOnCancelHandler(this::end);
        if (request.getFollow()) {
            books.forEach(book -> ends.add(book.follow(waiting::offer)));
        }
        int most = Math.clamp(Integer.toUnsignedLong(request.getLines()), 0, MOST_LINES);
        List<LogBook.Line> past = books.stream()
                .flatMap(book -> book.last(most).stream())
                .sorted(Comparator.comparingLong(LogBook.Line::timeNanos))
                .toList();
        past.subList(Math.max(0, past.size() - most), past.size()).forEach(line -> observer.onNext(message(line)));
        if (request.getFollow()) {
            look();
        } else {
            observer.onCompleted();
        }
    }

    private void look() {
        if (observer.isCancelled()) {
            end();
            return;
        }
        for (int i = 0; i < BATCH && observer.isReady(); i++) {
            LogBook.Line line = waiting.poll();
            if (line == null) {
                break;
            }
            observer.onNext(message(line));
        }
        parts.scheduler()
                .at(parts.clock().nanos() + LOOK_NANOS, () -> parts.threads().execute(this::look));
    }

    private void end() {
        ends.forEach(Runnable::run);
    }

    static LogLine message(LogBook.Line line) {
        return LogLine.newBuilder()
                .setAppId(line.appId())
                .setTimeNanos(line.timeNanos())
                .setUnixMs(line.unixMillis())
                .setLevel(line.level())
                .setText(line.text())
                .setSuppressed(line.suppressed())
                .build();
    }
}
