package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.hal.NearestSignal;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.capability.CapabilityException;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.matrix.MatrixRow;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead audit who}: who can touch this? */
@Command(
        name = "who",
        mixinStandardHelpOptions = true,
        description = "Say who can touch, did touch or tried to touch something.",
        footer = {
            "",
            "Examples:",
            "  bulkhead audit who Vehicle.Chassis.Brake.PedalPosition",
            "  bulkhead audit who 'Vehicle.Cabin.**'",
            "  bulkhead audit who 'can can0 tx 3F0'"
        })
final class WhoCommand implements Runnable {
    @Mixin
    private AuditSource source;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "WHAT", description = "A signal path, a glob, or a capability line without limits.")
    private String query;

    @Override
    public void run() {
        AuditMatrix matrix = AuditMatrix.of(source.table(0, Long.MAX_VALUE));
        List<MatrixRow> rows = ask(matrix);
        if (output.isJson()) {
            output.json(MatrixCommand.document(new AuditMatrix(matrix.origin(), matrix.size(), List.of(), rows)));
        } else if (rows.isEmpty()) {
            output.line(nobody());
        } else {
            output.table(Rows.table(rows));
        }
    }

    private String nobody() {
        if (query.strip().indexOf(' ') >= 0) {
            return "nobody can touch " + query + ", and nobody tried";
        }
        SignalGlob glob = new SignalGlob(query.strip());
        SignalTree tree = DefaultVehicle.tree();
        if (NearestSignal.isKnown(tree, glob)) {
            return "nobody can touch " + query + ", and nobody tried";
        }
        return "no entry, no grant and no signal of the vehicle that ships is called " + query
                + NearestSignal.to(tree, glob)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
    }

    private List<MatrixRow> ask(AuditMatrix matrix) {
        try {
            return matrix.whoCanTouch(query);
        } catch (CapabilityException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "bulkhead audit who --help");
        }
    }
}
