package dev.bulkhead.agent.store;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.Damage;
import dev.bulkhead.agent.lifecycle.Damage.Bearing;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What was said of apps and to them, as rows: their last reports, the last words of those that are walled off, their configuration. */
final class NewsRows {
    private final SealedFile file;

    NewsRows(SealedFile file) {
        this.file = file;
    }

    void save(Sql sql, UpdateReport report) throws SQLException {
        OutcomeColumns columns = OutcomeColumns.of(report.outcome());
        file.put(
                sql,
                Table.REPORT,
                report.release().appId(),
                report.assignment(),
                ReleaseText.of(Optional.of(report.release())),
                columns.word(),
                columns.detail(),
                ReleaseText.of(columns.other()));
    }

    /** The last report of each app, as far as it can be read. */
    List<UpdateReport> reports(List<Damage> damages) {
        return file.rows(Table.REPORT, "ORDER BY app", damages, NewsRows::report);
    }

    private static Optional<UpdateReport> report(Cells cells) throws SQLException {
        Optional<String> assignment = cells.needed("assignment", Bearing.TOLD);
        Optional<ReleaseRef> release = cells.neededRelease("release", Bearing.TOLD);
        Optional<String> detail = cells.needed("detail", Bearing.TOLD);
        Optional<ReleaseRef> other = cells.release("other", Bearing.TOLD);
        Optional<UpdateOutcome> outcome = cells.needed(
                "outcome", Bearing.TOLD, word -> new OutcomeColumns(word, detail.orElse(""), other).outcome());
        return cells.sound()
                ? Optional.of(new UpdateReport(assignment.orElseThrow(), release.orElseThrow(), outcome.orElseThrow()))
                : Optional.empty();
    }

    void keep(Sql sql, String appId, List<LogBook.Line> lastWords) throws SQLException {
        sql.run("DELETE FROM last_words WHERE app = ?", appId);
        int number = 0;
        for (LogBook.Line line : lastWords) {
            file.put(
                    sql,
                    Table.LAST_WORDS,
                    appId,
                    number++,
                    line.unixMillis(),
                    line.level(),
                    line.text(),
                    line.suppressed());
        }
    }

    /** The lines that can be read, by app id, oldest first. */
    Map<String, List<LogBook.Line>> lastWords(List<Damage> damages) {
        Map<String, List<LogBook.Line>> words = new TreeMap<>();
        file.rows(Table.LAST_WORDS, "ORDER BY app, number", damages, NewsRows::line)
                .forEach(line -> words.computeIfAbsent(line.appId(), app -> new ArrayList<>())
                        .add(line));
        return words;
    }

    private static Optional<LogBook.Line> line(Cells cells) throws SQLException {
        cells.count("number", Bearing.TOLD);
        Optional<Long> unixMillis = cells.number("unix_ms", Bearing.TOLD);
        Optional<String> level = cells.needed("level", Bearing.TOLD);
        Optional<String> text = cells.needed("text", Bearing.TOLD);
        Optional<Long> suppressed = cells.count("suppressed", Bearing.TOLD);
        return cells.sound()
                ? Optional.of(new LogBook.Line(
                        cells.appId().orElseThrow(),
                        0,
                        unixMillis.orElseThrow(),
                        level.orElseThrow(),
                        text.orElseThrow(),
                        suppressed.orElseThrow()))
                : Optional.empty();
    }

    boolean configure(Sql sql, String appId, Map<String, String> values) throws SQLException {
        sql.run("DELETE FROM config WHERE app = ?", appId);
        for (Map.Entry<String, String> entry : values.entrySet()) {
            file.put(sql, Table.CONFIG, appId, entry.getKey(), entry.getValue());
        }
        return true;
    }

    /** What can be read of an app's configuration. */
    Map<String, String> config(String appId) {
        Map<String, String> values = new TreeMap<>();
        file.rows(Table.CONFIG, "WHERE app = ?", new ArrayList<>(), NewsRows::setting, appId)
                .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        return values;
    }

    void checkConfigs(List<Damage> damages) {
        file.rows(Table.CONFIG, "ORDER BY app, key", damages, NewsRows::setting);
    }

    private static Optional<Map.Entry<String, String>> setting(Cells cells) throws SQLException {
        Optional<String> key = cells.needed("key", Bearing.ASKED);
        Optional<String> value = cells.needed("value", Bearing.ASKED);
        return key.flatMap(name -> value.map(text -> Map.entry(name, text)));
    }
}
