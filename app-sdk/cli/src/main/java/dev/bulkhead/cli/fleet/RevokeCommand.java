package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.server.web.CertificateViews;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead vehicles revoke ID}: certificates of a vehicle count no more, from now on. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Take back a vehicle's certificates: broker and enrolment service refuse them at once, its connection ends.",
            "Its bootstrap identity still counts: the vehicle enrols anew. bulkhead vehicles block keeps it out altogether."
        },
        footer = {
            "",
            "Examples:",
            "  bulkhead vehicles revoke VIN-0001 --reason \"key read out in a workshop\"",
            "  bulkhead vehicles revoke VIN-0001 --serial 5f3a…"
        })
final class RevokeCommand implements Runnable {
    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "ID", description = "A vehicle: see bulkhead vehicles.")
    private String id;

    @Option(
            names = "--serial",
            paramLabel = "HEX",
            defaultValue = "",
            description = "Only this one: see bulkhead vehicles certificates (default: every one given out until now).")
    private String serial = "";

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Kept with the certificates.")
    private String reason = "";

    @Override
    public void run() {
        List<CertificateViews.Certificate> left =
                server.call(client -> client.revoke(id, new CertificateViews.RevocationOrder(serial, reason)));
        if (!output.isJson()) {
            output.line(
                    (serial.isEmpty() ? "all certificates" : "certificate " + serial) + " of " + id + " taken back");
        }
        CertificatesCommand.print(left, output);
    }
}
