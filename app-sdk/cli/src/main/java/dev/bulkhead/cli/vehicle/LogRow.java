package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.contract.proto.LogLine;
import java.time.Instant;

/**
 * One line an app wrote.
 *
 * @param suppressed lines over the app's limit that are missing before it
 */
record LogRow(String app, String time, String level, String text, long suppressed) {
    static LogRow of(LogLine line) {
        return new LogRow(
                line.getAppId(),
                Instant.ofEpochMilli(line.getUnixMs()).toString(),
                line.getLevel(),
                line.getText(),
                line.getSuppressed());
    }

    void print(Output output) {
        if (suppressed > 0) {
            output.line(Style.FAINT, "(" + suppressed + " lines over the app's log limit)");
        }
        Style style = switch (level) {
            case "ERROR" -> Style.BAD;
            case "WARN" -> Style.WARN;
            default -> Style.PLAIN;
        };
        output.line(output.paint(Style.FAINT, time + " " + app) + " " + output.paint(style, level + " " + text));
    }
}
