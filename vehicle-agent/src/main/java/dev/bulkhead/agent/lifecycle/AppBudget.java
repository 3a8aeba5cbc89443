package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.SessionBounds;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.contract.manifest.Manifest;

/** The manifest's budget as the sandbox and the host want it. */
final class AppBudget {
    private AppBudget() {}

    static Budget of(Manifest manifest) {
        Manifest.Budget budget = manifest.budget();
        return new Budget(
                budget.cpuQuota().toNanos(),
                budget.cpuPeriod().toNanos(),
                budget.callback().toNanos(),
                budget.memoryBytes(),
                switch (budget.onExceed()) {
                    case THROTTLE -> Budget.OnExceed.THROTTLE;
                    case KILL -> Budget.OnExceed.KILL;
                    case DEGRADE -> Budget.OnExceed.DEGRADE;
                });
    }

    static SessionBounds bounds(Manifest manifest) {
        Manifest.Budget budget = manifest.budget();
        return new SessionBounds(
                SessionBounds.USUAL_HANDLES, budget.queue(), budget.storageBytes(), budget.logPerSecond());
    }
}
