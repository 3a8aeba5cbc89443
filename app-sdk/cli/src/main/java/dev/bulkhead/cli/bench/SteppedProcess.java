package dev.bulkhead.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A process that calls its program with each number it is sent, and answers with the call's CPU time and result: so that two can be called in turn. */
final class SteppedProcess implements AutoCloseable {
    private static final Path ALLOWED = Path.of("/proc/self/status");

    private final List<String> command;
    private final Process process;
    private final Writer steps;
    private final BufferedReader answers;

    private SteppedProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        steps = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static SteppedProcess start(List<String> command) throws IOException {
        return new SteppedProcess(
                command,
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    /** Makes one call: the first number of the answer, mostly CPU milliseconds. */
    double call(long argument) throws IOException {
        return Double.parseDouble(answer(argument)[0]);
    }

    /** Makes one call: what it returned, which stands behind its time. */
    int result(long argument) throws IOException {
        String[] answer = answer(argument);
        if (answer.length != 2) {
            throw new IOException("no result behind the time: " + String.join(" ", command));
        }
        return Integer.parseInt(answer[1]);
    }

    private String[] answer(long argument) throws IOException {
        steps.write(argument + "\n");
        steps.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("ended before it answered: " + String.join(" ", command));
        }
        return answer.split(" ", -1);
    }

    /** Keeps all its threads on the first processor that we may use. Without util-linux they stay free, and the answer is false. */
    boolean bind() throws IOException, InterruptedException {
        String line = Files.readAllLines(ALLOWED).stream()
                .filter(text -> text.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow(() -> new IOException(ALLOWED + " names no processors"));
        String first = line.replaceFirst(".*?(\\d+).*", "$1");
        List<String> said =
                BenchPrograms.output(List.of("taskset", "-a", "-c", "-p", first, Long.toString(process.pid())));
        return !said.isEmpty();
    }

    /** Ends it, whatever it is doing. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
