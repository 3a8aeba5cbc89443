package dev.bulkhead.cli.output;

import java.io.PrintWriter;

/** A one-line progress bar. Silent where standard error is no terminal. Not thread-safe. */
public final class Progress implements AutoCloseable {
    private static final int WIDTH = 30;

    private final PrintWriter err;
    private final String label;
    private final long total;
    private final boolean visible;
    private int lastPercent = -1;

    Progress(PrintWriter err, String label, long total, boolean visible) {
        this.err = err;
        this.label = label;
        this.total = Math.max(total, 1);
        this.visible = visible;
    }

    /** @param done units done so far, 0 to the total; more counts as all */
    public void at(long done) {
        int percent = (int) (100.0 * Math.clamp(done, 0, total) / total);
        if (visible && percent != lastPercent) {
            lastPercent = percent;
            int filled = percent * WIDTH / 100;
            err.printf("\r%s [%s%s] %3d %%", label, "#".repeat(filled), ".".repeat(WIDTH - filled), percent);
            err.flush();
        }
    }

    @Override
    public void close() {
        if (visible && lastPercent >= 0) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
