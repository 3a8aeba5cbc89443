package dev.bulkhead.hal.driver.keep;

import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.driver.DriverException;
import dev.bulkhead.hal.signal.SignalKeeper;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.time.Scheduled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes kept values when it starts, so start it before drivers that know better; saves every {@value #SAVE_MILLIS} ms what changed, and once
 * more when closed. A kill or a cut of power loses what is younger. Disk is touched on a thread of its own.
 */
public final class KeepingDriver implements Driver {
    static final long SAVE_MILLIS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(KeepingDriver.class);
    private static final int LONGEST_SAVE_SECONDS = 5;

    private final Path file;
    private final List<SignalGlob> globs;
    private @Nullable Saving saving;

    /** @param globs the signals to keep */
    public KeepingDriver(Path file, List<SignalGlob> globs) {
        this.file = file;
        this.globs = List.copyOf(globs);
    }

    @Override
    public String name() {
        return "keep:" + file.getFileName();
    }

    @Override
    public synchronized void start(DriverContext context) {
        List<SignalLeaf> kept =
                context.signals().tree().matching(path -> globs.stream().anyMatch(glob -> glob.matches(path)));
        if (kept.isEmpty()) {
            throw new DriverException("no signal of this vehicle is to be kept; correct "
                    + globs.stream().map(SignalGlob::text).toList());
        }
        SignalKeeper keeper = new SignalKeeper(file, context.signals(), kept);
        int restored = keeper.restore();
        LOG.info("{} of {} kept signals restored from {}", restored, kept.size(), file);
        saving = new Saving(keeper, context);
        saving.later();
    }

    @Override
    public synchronized void close() {
        if (saving != null) {
            saving.close();
            saving = null;
        }
    }

    private static final class Saving {
        private final SignalKeeper keeper;
        private final DriverContext context;
        private final ExecutorService disk = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("signal-keeper").factory());
        private final CountDownLatch closed = new CountDownLatch(1);
        private @Nullable Scheduled next;

        private Saving(SignalKeeper keeper, DriverContext context) {
            this.keeper = keeper;
            this.context = context;
        }

        private synchronized void later() {
            if (closed.getCount() > 0) {
                next = context.scheduler().at(context.clock().nanos() + SAVE_MILLIS * 1_000_000, this::due);
            }
        }

        private synchronized void due() {
            if (closed.getCount() > 0) {
                disk.execute(this::save);
                later();
            }
        }

        private void save() {
            try {
                keeper.save();
            } catch (IOException e) {
                context.failed("kept signals cannot be written: " + e.getMessage());
            }
        }

        private void close() {
            synchronized (this) {
                closed.countDown();
                if (next != null) {
                    next.cancel();
                }
                disk.execute(this::save);
            }
            disk.shutdown();
            try {
                if (!disk.awaitTermination(LONGEST_SAVE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("kept signals were not written in {} s", LONGEST_SAVE_SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
