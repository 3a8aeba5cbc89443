package dev.bulkhead.contract.manifest;

import dev.bulkhead.contract.capability.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an app says about itself and asks for. Absent sections and keys have their documented defaults filled in.
 *
 * @param capabilities in the order of the file, at most 256
 * @param dependencies other apps it needs, in the order of the file, at most 16
 */
public record Manifest(
        AppSection app,
        Budget budget,
        Restart restart,
        Health health,
        Update update,
        List<CapabilityRequest> capabilities,
        List<Dependency> dependencies) {
    public Manifest {
        dependencies = List.copyOf(dependencies);
        capabilities = List.copyOf(capabilities);
    }

    /**
     * @param id reverse DNS, 3..128 characters, lower case; its prefix belongs to one vendor
     * @param release counter, 1 or more, that only ever rises
     * @param module file name of the module in the package
     * @param abi 1
     */
    public record AppSection(AppId id, SemVer version, long release, String module, int abi) {}

    /**
     * What the app may use. Memory, storage in bytes.
     *
     * @param cpuQuota CPU time per {@code cpuPeriod} over all callbacks (default 20ms/100ms)
     * @param callback most CPU time of one callback (default 50ms)
     * @param memoryBytes linear memory, all memories together (default 4 MiB, at most 1 GiB)
     * @param queue waiting events (default 1024)
     * @param storageBytes key-value store (default 256 KiB)
     * @param logPerSecond log lines (default 20)
     */
    public record Budget(
            Duration cpuQuota,
            Duration cpuPeriod,
            Duration callback,
            long memoryBytes,
            int queue,
            long storageBytes,
            int logPerSecond,
            OnExceed onExceed) {}

    /** What happens when the CPU quota of a period is used up. */
    public enum OnExceed {
        /** The app waits for the next period (default). */
        THROTTLE,
        KILL,
        /** The app gets a warning event and then waits. */
        DEGRADE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param policy default on-failure
     * @param max restarts within {@code window} (default 5 in 10m), then quarantined
     */
    public record Restart(RestartPolicy policy, int max, Duration window) {}

    /**
     * What counts as a failure besides a trap; the restart policy says what follows.
     *
     * @param deadline the longest a callback may take on the vehicle's clock, whatever it waits for (default 10s more than
     *     {@code budget.callback} takes at {@code budget.cpu})
     * @param throttled how persistently the CPU quota may be used up; absent: for as long as it likes (default absent, and 100/100
     *     for an app that is to degrade)
     */
    public record Health(Duration deadline, Optional<Throttled> throttled) {}

    /**
     * A failure once {@code most} of the last {@code of} periods were throttled.
     *
     * @param most 1 to {@code of}
     * @param of at most 1000
     */
    public record Throttled(int most, int of) {
        public Throttled {
            if (most < 1 || of > 1_000 || most > of) {
                throw new IllegalArgumentException("N of M periods, 1/1..1000/1000");
            }
        }
    }

    public enum RestartPolicy {
        ALWAYS,
        ON_FAILURE,
        NEVER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param swap default restart
     * @param probation how long the new version must stay healthy before it counts as proven (default 60s)
     * @param when must hold to install or swap; absent: any time
     * @param shadow how long the new version runs muted beside the old one before it takes over (default 1s)
     * @param state layout of the saved state; absent: it carries no number
     */
    public record Update(
            Swap swap, Duration probation, Optional<Condition> when, Duration shadow, Optional<StateLayout> state) {}

    /**
     * Which layout of saved state a version writes, and which it can read. The state's first four bytes are its layout's number.
     *
     * @param writes 1 or more; what {@code save_state} puts first
     * @param restores the oldest layout that {@code restore_state} takes, 0 (a state without a number) to {@code writes}
     */
    public record StateLayout(int writes, int restores) {
        public StateLayout {
            if (writes < 1 || restores < 0 || restores > writes) {
                throw new IllegalArgumentException("layouts " + restores + ".." + writes);
            }
        }
    }

    public enum Swap {
        HANDOVER,
        RESTART;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
