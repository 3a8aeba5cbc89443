package dev.bulkhead.simulator.main;

import java.util.List;

/**
 * How a run went.
 *
 * @param passed whether every expectation held
 * @param breaches what did not hold, with the value found
 * @param traceHash SHA-256 over all that happened; the same for the same seed, apps and settings
 * @param auditRoot root hash of the agent's audit log at the end, in hex
 * @param auditEntries how many entries it has
 * @param virtualSeconds how long the vehicle drove
 * @param apps how each app stood at the end
 */
public record SimulationResult(
        boolean passed,
        List<String> breaches,
        String traceHash,
        String auditRoot,
        long auditEntries,
        double virtualSeconds,
        List<AppOutcome> apps) {
    public SimulationResult {
        breaches = List.copyOf(breaches);
        apps = List.copyOf(apps);
    }

    /**
     * One app at the end of the run.
     *
     * @param lastLine what it logged last before it was walled off, an error where there is one; empty while it is not
     */
    public record AppOutcome(
            String app,
            String version,
            String state,
            int restarts,
            long events,
            long denied,
            String cause,
            String lastLine) {}
}
