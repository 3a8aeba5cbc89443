package dev.bulkhead.simulator.main;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.Orchestrator;
import dev.bulkhead.agent.main.Agent;
import dev.bulkhead.hal.signal.SignalLeaf;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What happened, as one hash: every signal and the state of every app once a second, every line an app wrote. Two runs with
 * the same trace did the same things at the same virtual times.
 */
final class Trace {
    private final MessageDigest digest;

    Trace() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void sample(Agent agent, long nanos) {
        add("t " + nanos);
        for (SignalLeaf leaf : agent.signals().tree().leaves()) {
            var cell = agent.signals().cell(leaf.id());
            cell.value().ifPresent(value -> add("s " + leaf.id() + " " + cell.timeNanos() + " " + value));
        }
        agent.orchestrator().apps().forEach(this::addApp);
    }

    private void addApp(AppView app) {
        add("a " + app.slot().appId() + " " + app.slot().phase().word() + " " + app.restarts() + " " + app.cause());
        app.compartment()
                .ifPresent(running -> add("c " + running.usage() + " " + running.cpu() + " " + running.events() + " "
                        + running.dropped() + " " + running.denied()));
    }

    void logs(Orchestrator orchestrator) {
        orchestrator
                .apps()
                .forEach(app -> orchestrator
                        .book(app.slot().appId())
                        .ifPresent(book -> book.last(LogBook.DEPTH)
                                .forEach(line ->
                                        add("l " + line.timeNanos() + " " + line.level() + " " + line.text()))));
    }

    private void add(String line) {
        digest.update(line.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
    }

    /** The hash so far, in hex; the trace ends with it. */
    String hash() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
