package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.server.web.CertificateViews;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead vehicles certificates ID}: what a vehicle was given, and what was taken back. */
@Command(
        name = "certificates",
        mixinStandardHelpOptions = true,
        description = "List the certificates a vehicle was given by the server, and those taken back; newest first.",
        footer = {"", "Examples:", "  bulkhead vehicles certificates VIN-0001"})
final class CertificatesCommand implements Runnable {
    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "ID", description = "A vehicle: see bulkhead vehicles.")
    private String id;

    @Override
    public void run() {
        print(server.call(client -> client.certificates(id)), output);
    }

    static void print(List<CertificateViews.Certificate> certificates, Output output) {
        if (output.isJson()) {
            output.json(certificates);
            return;
        }
        Table table = new Table("SERIAL", "ISSUED", "VALID UNTIL", "TAKEN BACK", "REASON");
        certificates.forEach(c -> table.row(c.serial(), c.issuedAt(), c.notAfter(), c.revokedAt(), c.reason()));
        output.table(table);
    }
}
