package dev.bulkhead.server.campaign;

import java.time.Duration;

/** When a rollout goes on, waits or stops. Pure. */
final class RolloutRules {
    private RolloutRules() {}

    /**
     * What to do next.
     *
     * @param group index of the group opened last
     * @param inPhase how long the phase has lasted
     * @param newest tally of that group
     * @param all tally of all groups opened so far: what was fine before may still break
     */
    static RolloutStep next(
            RolloutPlan plan, RolloutPhase phase, int group, Duration inPhase, RolloutTally newest, RolloutTally all) {
        return switch (phase) {
            case PAUSED, COMPLETED, ROLLING_BACK, ROLLED_BACK -> new RolloutStep.Stay();
            case RUNNING, SOAKING -> {
                if (newest.exceeds(plan.errorPercent(), plan.minimumSample())) {
                    yield stop(plan, "in group " + (group + 1), newest);
                }
                if (all.exceeds(plan.errorPercent(), plan.minimumSample())) {
                    yield stop(plan, "in all groups so far", all);
                }
                yield phase == RolloutPhase.RUNNING
                        ? running(plan, group, newest)
                        : soaking(plan, group, inPhase, newest);
            }
        };
    }

    private static RolloutStep stop(RolloutPlan plan, String where, RolloutTally tally) {
        String why = tally.failed() + " of " + (tally.failed() + tally.succeeded())
                + " vehicles that have ended failed " + where + ", allowed are " + plan.errorPercent() + " %";
        return switch (plan.onError()) {
            case PAUSE -> new RolloutStep.Pause(why);
            case ROLL_BACK -> new RolloutStep.RollBack(why);
        };
    }

    private static RolloutStep running(RolloutPlan plan, int group, RolloutTally newest) {
        if (!newest.reaches(plan.successPercent())) {
            return new RolloutStep.Stay();
        }
        // a group nobody stands in has nothing to watch
        return newest.vehicles() == 0 || plan.soak().isZero() ? goOn(plan, group) : new RolloutStep.Soak();
    }

    private static RolloutStep soaking(RolloutPlan plan, int group, Duration inPhase, RolloutTally newest) {
        if (!newest.reaches(plan.successPercent())) {
            return new RolloutStep.Pause("group " + (group + 1) + " fell below " + plan.successPercent()
                    + " % succeeded while it was watched");
        }
        return inPhase.compareTo(plan.soak()) >= 0 ? goOn(plan, group) : new RolloutStep.Stay();
    }

    private static RolloutStep goOn(RolloutPlan plan, int group) {
        return group + 1 < plan.groups().size() ? new RolloutStep.NextGroup() : new RolloutStep.Complete();
    }
}
