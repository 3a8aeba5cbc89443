package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.contract.proto.AppDetail;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.LogLine;
import java.util.List;
import java.util.Locale;

/** All about one app of a running agent. */
final class AppReport {
    private static final double NANOS_PER_MS = 1e6;

    private final Output output;

    AppReport(Output output) {
        this.output = output;
    }

    void show(AppDetail detail) {
        if (output.isJson()) {
            output.json(AppDocument.of(detail));
            return;
        }
        AppStatus app = detail.getStatus();
        output.line(
                Style.BOLD,
                app.getAppId() + " " + app.getVersion() + ", release " + Long.toUnsignedString(app.getRelease()));
        status(detail);
        fact("package", detail.getPackageDigest());
        fact("module", detail.getModuleDigest());
        section(grants(detail));
        section(handles(detail));
        section(transitions(detail));
        lastLines(detail);
    }

    private void status(AppDetail detail) {
        AppStatus app = detail.getStatus();
        fact("state", output.paint(PsCommand.style(app.getPhase()), app.getPhase()) + ", " + app.getCause());
        fact("walled off", detail.getQuarantine().getReason());
        fact("wish", app.getWish());
        fact("vendor", app.getVendor());
        fact("update", app.getUpdate());
        fact("falls back to", app.getFallbackVersion());
        fact("candidate", app.getCandidateVersion());
        Company company = Company.of(app);
        if (company != null) {
            fact("as one", company.inShort());
            company.members().forEach(member -> fact("", member.app() + " " + member.version() + " " + member.stage()));
        }
        fact(
                "up",
                Quantity.millis(app.getUptimeMs()) + ", " + app.getRestarts() + " restarts, " + app.getFailures()
                        + " failures in the window");
        fact("cpu", cpu(app));
        fact(
                "memory",
                share(app.getMemoryBytes(), app.getMemoryLimitBytes()) + ", held by the host "
                        + Quantity.bytes(app.getHostMemoryBytes()));
        fact("storage", share(app.getStorageBytes(), app.getStorageLimitBytes()));
        fact(
                "queue",
                app.getQueueDepth() + " of " + app.getQueueLimit() + ", " + app.getEvents() + " events delivered, "
                        + app.getDropped() + " dropped");
        fact(
                "callbacks",
                String.format(
                        Locale.ROOT,
                        "p99 %.1f ms, timers late by p99 %.1f ms",
                        app.getCallbackP99Nanos() / NANOS_PER_MS,
                        app.getJitterP99Nanos() / NANOS_PER_MS));
        fact("denied", String.valueOf(app.getDenied()));
    }

    private static String cpu(AppStatus app) {
        String used = String.format(Locale.ROOT, "%.1f ms used", app.getCpuNanos() / NANOS_PER_MS);
        if (app.getCpuQuotaNanos() == 0) {
            return used + ", no quota";
        }
        return String.format(
                Locale.ROOT,
                "%s of %.0f ms in %.0f ms, %s, made to wait in %d periods",
                Quantity.bar(app.getCpuShare()),
                app.getCpuQuotaNanos() / NANOS_PER_MS,
                app.getCpuPeriodNanos() / NANOS_PER_MS,
                used,
                app.getThrottled());
    }

    private static String share(long bytes, long limit) {
        return limit == 0
                ? Quantity.bytes(bytes)
                : Quantity.bar((double) bytes / limit) + ", " + Quantity.bytes(bytes) + " of " + Quantity.bytes(limit);
    }

    private void fact(String name, String value) {
        if (!value.isEmpty()) {
            output.line(String.format("  %-14s %s", name, value));
        }
    }

    private static Table grants(AppDetail detail) {
        Table table = new Table("ASKED FOR", "GRANTED", "RULE", "BECAUSE");
        detail.getGrantsList()
                .forEach(grant -> table.row(
                        grant.getRequest(),
                        grant.getEffective().isEmpty() ? Table.styled(Style.BAD, "denied") : grant.getEffective(),
                        grant.getRule(),
                        grant.getReason()));
        return table;
    }

    private static Table handles(AppDetail detail) {
        Table table = new Table(">HANDLE", "KIND", "SUBJECT", "MODE", ">USES");
        detail.getHandlesList()
                .forEach(handle -> table.row(
                        Integer.toUnsignedString(handle.getHandle()),
                        handle.getKind(),
                        handle.getSubject(),
                        handle.getMode(),
                        handle.getUses()));
        return table;
    }

    private static Table transitions(AppDetail detail) {
        Table table = new Table(">AGO", "FROM", "TO", "CAUSE");
        detail.getTransitionsList()
                .forEach(move ->
                        table.row(Quantity.millis(move.getAgeMs()), move.getFrom(), move.getTo(), move.getCause()));
        return table;
    }

    private void section(Table table) {
        if (!table.isEmpty()) {
            output.line("");
            output.table(table);
        }
    }

    private void lastLines(AppDetail detail) {
        List<LogLine> last =
                detail.hasQuarantine() ? detail.getQuarantine().getLastWordsList() : detail.getLastLinesList();
        List<LogRow> lines = last.stream().map(LogRow::of).toList();
        if (!lines.isEmpty()) {
            output.line("");
            output.line(Style.FAINT, detail.hasQuarantine() ? "LAST LINES BEFORE IT WAS WALLED OFF" : "LAST LINES");
            lines.forEach(line -> line.print(output));
        }
    }
}
