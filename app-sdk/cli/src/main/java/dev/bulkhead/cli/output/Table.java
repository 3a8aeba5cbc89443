package dev.bulkhead.cli.output;

import dev.bulkhead.contract.notation.Quote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of text: columns as wide as their widest cell, numbers to the right. What a cell holds is shown, not obeyed. Not thread-safe. */
public final class Table {
    private record Cell(String text, Style style) {}

    private final List<String> headings;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** A heading that begins with {@code >} names a column aligned to the right. */
    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    public Table row(Object... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + headings.size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(Table::cell).toList());
        return this;
    }

    /** A cell in a style of its own, to hand to {@link #row}. */
    public static Object styled(Style style, String text) {
        return new Cell(Quote.line(text), style);
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    private static Cell cell(Object value) {
        return value instanceof Cell cell ? cell : new Cell(Quote.line(String.valueOf(value)), Style.PLAIN);
    }

    List<String> render(boolean colour) {
        int[] widths = widths();
        List<String> lines = new ArrayList<>();
        lines.add(line(
                headings.stream().map(h -> new Cell(title(h), Style.FAINT)).toList(), widths, colour));
        rows.forEach(row -> lines.add(line(row, widths, colour)));
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[headings.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = title(headings.get(i)).length();
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).text().length());
            }
        }
        return widths;
    }

    private String line(List<Cell> cells, int[] widths, boolean colour) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            boolean last = i == cells.size() - 1;
            String gap = " ".repeat(widths[i] - cell.text().length());
            String text = colour ? cell.style().paint(cell.text()) : cell.text();
            line.append(rightAligned(i) ? gap + text : last ? text : text + gap);
            line.append(last ? "" : "  ");
        }
        return line.toString();
    }

    private boolean rightAligned(int column) {
        return headings.get(column).startsWith(">");
    }

    private static String title(String heading) {
        return heading.startsWith(">") ? heading.substring(1) : heading;
    }
}
