package dev.bulkhead.cli.vehicle;

import com.google.protobuf.ByteString;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.InstallChunk;
import dev.bulkhead.contract.proto.InstallResponse;
import dev.bulkhead.contract.proto.ListAppsResponse;
import dev.bulkhead.contract.proto.WatchAppsRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead swap PACKAGE}: hands a signed package to a running agent and follows it until it is proven or back out. */
@Command(
        name = "swap",
        mixinStandardHelpOptions = true,
        description = "Install or replace an app on a running agent, without the fleet.",
        footer = {
            "",
            "Needs a vehicle policy in developer mode. The new version takes over as its manifest says; if it fails before it",
            "is proven, the old one is back with its state.",
            "",
            "Examples:",
            "  bulkhead swap com.acme.climate-1.4.2.sdvapp",
            "  bulkhead swap --no-wait com.acme.climate-1.4.2.sdvapp"
        })
public final class SwapCommand implements Runnable {
    private static final int CHUNK = 1 << 20;
    private static final int LOOK_MILLIS = 250;

    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "PACKAGE", description = "A signed .sdvapp file.")
    private Path file;

    @Option(names = "--no-wait", description = "Return once it is accepted.")
    private boolean noWait;

    @Override
    public void run() {
        try (AgentLink agent = vehicle.open();
                InputStream content = Files.newInputStream(file)) {
            InstallResponse receipt = agent.install(chunks(content));
            if (receipt.getResult().equals("refused")) {
                throw CommandFailure.refused(
                        file + ": " + receipt.getReason() + ": " + receipt.getDetail(),
                        "bulkhead verify looks into it");
            }
            output.note(receipt.getAppId() + " " + receipt.getVersion() + ": " + receipt.getResult());
            AppStatus status = follow(agent, receipt);
            show(status);
        } catch (IOException e) {
            throw CommandFailure.failed(file + " cannot be read: " + e, "check the path");
        }
    }

    private static Iterator<InstallChunk> chunks(InputStream content) throws IOException {
        return new Iterator<>() {
            private byte[] next = content.readNBytes(CHUNK);

            @Override
            public boolean hasNext() {
                return next.length > 0;
            }

            @Override
            public InstallChunk next() {
                InstallChunk chunk = InstallChunk.newBuilder()
                        .setLabel("swap")
                        .setData(ByteString.copyFrom(next))
                        .build();
                try {
                    next = content.readNBytes(CHUNK);
                } catch (IOException e) {
                    throw CommandFailure.failed("the package cannot be read: " + e, "check the path");
                }
                return chunk;
            }
        };
    }

    /** Says each step once; ends when the order is settled, or at once when nobody waits. */
    private AppStatus follow(AgentLink agent, InstallResponse receipt) {
        Iterator<ListAppsResponse> looks = agent.call(stub -> stub.watchApps(
                WatchAppsRequest.newBuilder().setPeriodMs(LOOK_MILLIS).build()));
        String said = "";
        while (agent.call(stub -> looks.hasNext())) {
            Optional<AppStatus> found = looks.next().getAppsList().stream()
                    .filter(app -> app.getAppId().equals(receipt.getAppId()))
                    .findFirst();
            AppStatus app = found.orElseThrow(
                    () -> CommandFailure.failed(receipt.getAppId() + " was removed meanwhile", "bulkhead ps"));
            if (!app.getUpdate().equals(said)) {
                said = app.getUpdate();
                output.note(said.equals("waiting") ? "waiting: " + app.getCause() : said);
            }
            if (noWait || settled(said)) {
                return app;
            }
        }
        throw CommandFailure.unreachable("the agent ended before the swap did", "bulkhead agent starts it again");
    }

    private static boolean settled(String update) {
        return update.equals("proven") || update.equals("rolled-back") || update.equals("failed");
    }

    private void show(AppStatus app) {
        if (output.isJson()) {
            output.json(AppRow.of(app));
        } else {
            output.line(app.getAppId() + " " + app.getVersion() + ": " + app.getPhase() + ", " + app.getUpdate());
        }
        if (app.getUpdate().equals("rolled-back") || app.getUpdate().equals("failed")) {
            throw CommandFailure.failed(
                    "the new version did not hold; " + app.getVersion() + " is " + app.getPhase(),
                    "bulkhead logs " + app.getAppId() + " says why");
        }
    }
}
