package dev.bulkhead.agent.lifecycle;

import java.util.Objects;

/** What the shell must do after a step. Carried out in order, after the new state is durable. */
public sealed interface SupervisorAction {
    /** Admit, compile, instantiate and call {@code on_start}; answer Started or Broke. */
    record Start(int incarnation, Edition edition) implements SupervisorAction {
        public Start {
            Objects.requireNonNull(edition, "edition");
        }
    }

    /** Call {@code on_stop}, then end; answer Ended, within the stop deadline whatever the app does. */
    record Stop(int incarnation) implements SupervisorAction {}

    /** End at once without calling the app; no answer. Outputs go to their failsafe. */
    record Discard(int incarnation) implements SupervisorAction {}

    /** Instantiate beside {@code live}, hand state over, shadow-run; answer ShadowDone or Broke. */
    record Prepare(int incarnation, Edition edition, int live) implements SupervisorAction {
        public Prepare {
            Objects.requireNonNull(edition, "edition");
        }
    }

    /** Freeze {@code live} at a message boundary and let {@code incarnation} take over; answer CutOver or Broke. */
    record TakeOver(int incarnation, int live) implements SupervisorAction {}

    /** Give events and outputs back to the frozen {@code retained}; answer Started or Broke. */
    record Thaw(int retained) implements SupervisorAction {}

    /** Send BackoffOver then. */
    record WakeFromBackoff(int ticket, long atNanos) implements SupervisorAction {}

    /** Send ProbationOver then. */
    record WakeFromProbation(int incarnation, long atNanos) implements SupervisorAction {}

    /** Evaluate the condition when its signals change; send GateOpened once it holds. Replaces an earlier watch. */
    record WatchGate(String condition) implements SupervisorAction {
        public WatchGate {
            Objects.requireNonNull(condition, "condition");
        }
    }

    /** Stop evaluating the condition. */
    record ForgetGate() implements SupervisorAction {}

    /** Tell whoever ordered it. */
    record Report(UpdateReport report) implements SupervisorAction {
        public Report {
            Objects.requireNonNull(report, "report");
        }
    }

    /** Write the transition into the audit log. */
    record Transition(Phase from, Phase to, String cause) implements SupervisorAction {
        public Transition {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(cause, "cause");
        }
    }

    /** Remove blobs of this release unless another release uses them. */
    record DropRelease(ReleaseRef release) implements SupervisorAction {
        public DropRelease {
            Objects.requireNonNull(release, "release");
        }
    }

    /** Let this release have the app's data, and remember how it was. */
    record HandOverData(ReleaseRef release) implements SupervisorAction {
        public HandOverData {
            Objects.requireNonNull(release, "release");
        }
    }

    /** Write down that this incarnation, which took over, has the app's data. */
    record KeepData(int incarnation) implements SupervisorAction {}

    /** Bring the app's data back to how it was before the hand-over. */
    record GiveBackData() implements SupervisorAction {}

    /** Forget how the app's data was before the hand-over. */
    record SettleData() implements SupervisorAction {}

    /** Remove everything the app stored and forget the slot. */
    record Purge() implements SupervisorAction {}
}
