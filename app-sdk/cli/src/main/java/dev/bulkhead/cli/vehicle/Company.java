package dev.bulkhead.cli.vehicle;

import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.EnsembleMember;
import dev.bulkhead.contract.proto.EnsembleView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The apps that one changes its version with, and how far they are.
 *
 * @param ensemble what the order calls it
 * @param stage of the app itself
 * @param why what it waits for, or why all go back
 */
record Company(String ensemble, String stage, String why, List<Member> members) {
    /** @param version the new one */
    record Member(String app, String version, String stage) {
        static Member of(EnsembleMember member) {
            return new Member(member.getAppId(), member.getVersion(), member.getStage());
        }
    }

    /** Null while the app changes alone or not at all. */
    static @Nullable Company of(AppStatus app) {
        if (!app.hasEnsemble()) {
            return null;
        }
        EnsembleView view = app.getEnsemble();
        return new Company(
                view.getId(),
                view.getStage(),
                view.getWhy(),
                view.getMembersList().stream().map(Member::of).toList());
    }

    /** For one cell of a table: {@code swap a b: ready, 2 of 3 are}. */
    String inShort() {
        long alike = members.stream().filter(each -> each.stage().equals(stage)).count();
        String waits = why.isEmpty() ? "" : ", " + why;
        return ensemble + ": " + stage + ", " + alike + " of " + members.size() + (alike == 1 ? " is" : " are") + waits;
    }
}
