package dev.bulkhead.cli.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Processes of one build of a program, to be called in turn with those of others, and the CPU milliseconds of their calls. A machine that shares its
 * cores changes its pace from one moment to the next and from core to core: only what ran on one core, call by call in turn, can be compared. Of what is
 * not installed there are none, and calling them does nothing.
 */
final class Starts implements AutoCloseable {
    private record Start(SteppedProcess process, List<Double> calls) {}

    private final List<Start> starts = new ArrayList<>();

    void add(SteppedProcess process) {
        starts.add(new Start(process, new ArrayList<>()));
    }

    int count() {
        return starts.size();
    }

    boolean isEmpty() {
        return starts.isEmpty();
    }

    /** Makes calls that do not count, and keeps the process on one processor from then on, as all others. */
    void warm(int start, long argument, int calls) throws IOException, InterruptedException {
        if (isEmpty()) {
            return;
        }
        SteppedProcess process = starts.get(start).process();
        for (int call = 0; call < calls; call++) {
            process.call(argument);
        }
        process.bind();
    }

    /** Makes calls whose mean is one figure. */
    void call(int start, long argument, int calls) throws IOException {
        if (isEmpty()) {
            return;
        }
        double sum = 0;
        for (int call = 0; call < calls; call++) {
            sum += starts.get(start).process().call(argument);
        }
        starts.get(start).calls().add(sum / calls);
    }

    /** What a call of the first process returns; empty without one. */
    Optional<Integer> result(long argument) throws IOException {
        return isEmpty()
                ? Optional.empty()
                : Optional.of(starts.getFirst().process().result(argument));
    }

    /** All figures, process by process, those of a process in the order of its calls. */
    List<Double> millis() {
        return starts.stream().flatMap(start -> start.calls().stream()).toList();
    }

    /**
     * What each process takes when nothing disturbs it: a tenth of its calls are faster. A neighbour slows any call down, and the median of a process tells
     * how many it met; one that is slow by itself is so in all of its calls.
     */
    List<Double> undisturbed() {
        return starts.stream().map(start -> lowest(start.calls())).toList();
    }

    private static double lowest(List<Double> calls) {
        return calls.stream().sorted().toList().get(calls.size() / 10);
    }

    /** The slowest process by the fastest, undisturbed. */
    double spread() {
        return Collections.max(undisturbed()) / Collections.min(undisturbed());
    }

    /** The same by each process's median, neighbours' share in it. */
    double medianSpread() {
        List<Double> medians =
                starts.stream().map(start -> BenchRows.median(start.calls())).toList();
        return Collections.max(medians) / Collections.min(medians);
    }

    @Override
    public void close() {
        starts.forEach(start -> start.process().close());
    }
}
