package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.proto.InstallResponse;
import dev.bulkhead.contract.proto.UninstallRequest;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead uninstall APP}: takes an app off a running agent. */
@Command(
        name = "uninstall",
        mixinStandardHelpOptions = true,
        description = "Stop an app and remove it with all it stored, without the fleet.",
        footer = {
            "",
            "An app the fleet assigned comes back when the vehicle next hears from it.",
            "",
            "Examples:",
            "  bulkhead uninstall com.acme.climate"
        })
public final class UninstallCommand implements Runnable {
    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "APP", description = "App id.")
    private String app;

    @Override
    public void run() {
        try (AgentLink agent = vehicle.open()) {
            var request = UninstallRequest.newBuilder().setAppId(app).build();
            InstallResponse receipt = agent.call(stub -> stub.uninstall(request));
            if (receipt.getResult().equals("refused")) {
                throw CommandFailure.refused(
                        app + ": " + receipt.getReason() + ": " + receipt.getDetail(), "bulkhead inspect " + app);
            }
            if (output.isJson()) {
                output.json(Map.of("app", app, "result", receipt.getResult()));
            } else {
                output.line("uninstall " + app + ": " + receipt.getResult());
            }
        }
    }
}
