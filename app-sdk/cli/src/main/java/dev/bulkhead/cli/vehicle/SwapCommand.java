package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.InstallResponse;
import dev.bulkhead.contract.proto.InstallTogetherResponse;
import dev.bulkhead.contract.proto.ListAppsResponse;
import dev.bulkhead.contract.proto.WatchAppsRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead swap PACKAGE…}: hands signed packages to a running agent and follows them until they are proven or back out. */
@Command(
        name = "swap",
        mixinStandardHelpOptions = true,
        description = "Install or replace apps on a running agent, without the fleet; several as one, all or none.",
        footer = {
            "",
            "Needs a vehicle policy in developer mode. The new version takes over as its manifest says; if it fails before it",
            "is proven, the old one is back with its state. Several packages are prepared side by side and take over only when",
            "all are ready; if one of them fails before all are proven, every app is back on its old version.",
            "",
            "Examples:",
            "  bulkhead swap com.acme.climate-1.4.2.sdvapp",
            "  bulkhead swap com.acme.maps-2.0.0.sdvapp com.acme.radio-2.0.0.sdvapp",
            "  bulkhead swap --no-wait com.acme.climate-1.4.2.sdvapp"
        })
public final class SwapCommand implements Runnable {
    private static final int LOOK_MILLIS = 250;

    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Parameters(
            paramLabel = "PACKAGE",
            arity = "1..16",
            description = "A signed .sdvapp file; several change as one, all or none.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--no-wait", description = "Return once it is accepted.")
    private boolean noWait;

    @Override
    public void run() {
        files.stream().filter(file -> !Files.isReadable(file)).findFirst().ifPresent(file -> {
            throw CommandFailure.failed(file + " cannot be read", "check the path");
        });
        try (AgentLink agent = vehicle.open();
                PackageChunks chunks = new PackageChunks(files, files.size() == 1 ? "swap" : "swap " + names())) {
            List<InstallResponse> taken = files.size() == 1 ? List.of(one(agent, chunks)) : together(agent, chunks);
            show(follow(agent, taken.stream().map(InstallResponse::getAppId).toList()));
        }
    }

    private String names() {
        return String.join(
                " ",
                files.stream().map(file -> String.valueOf(file.getFileName())).toList());
    }

    private InstallResponse one(AgentLink agent, PackageChunks chunks) {
        InstallResponse receipt = agent.install(chunks);
        if (receipt.getResult().equals("refused")) {
            throw CommandFailure.refused(
                    files.getFirst() + ": " + receipt.getReason() + ": " + receipt.getDetail(),
                    "bulkhead verify looks into it");
        }
        output.note(receipt.getAppId() + " " + receipt.getVersion() + ": " + receipt.getResult());
        return receipt;
    }

    private List<InstallResponse> together(AgentLink agent, PackageChunks chunks) {
        InstallTogetherResponse receipt = agent.installTogether(chunks);
        switch (receipt.getResult()) {
            case "refused" ->
                throw CommandFailure.refused(
                        "none of the " + files.size() + " packages was taken: " + receipt.getAtFault() + ": "
                                + receipt.getReason() + ": " + receipt.getDetail(),
                        "bulkhead verify looks into it");
            case "busy" -> throw CommandFailure.refused("nothing was taken: " + receipt.getDetail(), "bulkhead ps");
            default ->
                receipt.getAppsList()
                        .forEach(app ->
                                output.note(app.getAppId() + " " + app.getVersion() + ": " + receipt.getResult()));
        }
        return receipt.getAppsList();
    }

    /** Says each step once; ends when all are settled, or at once when nobody waits. */
    private List<AppStatus> follow(AgentLink agent, List<String> apps) {
        Iterator<ListAppsResponse> looks = agent.call(stub -> stub.watchApps(
                WatchAppsRequest.newBuilder().setPeriodMs(LOOK_MILLIS).build()));
        Map<String, String> said = new HashMap<>();
        while (agent.call(stub -> looks.hasNext())) {
            ListAppsResponse look = looks.next();
            List<AppStatus> now =
                    apps.stream().flatMap(id -> found(look, id).stream()).toList();
            now.forEach(app -> say(app, said));
            boolean settled = now.stream().allMatch(app -> settled(app.getUpdate()));
            if (now.size() < apps.size() && (settled || apps.size() == 1)) {
                throw CommandFailure.failed(missing(apps, now) + " is not installed any more", "bulkhead ps");
            }
            if (noWait || settled) {
                return now;
            }
        }
        throw CommandFailure.unreachable("the agent ended before the swap did", "bulkhead agent starts it again");
    }

    private static Optional<AppStatus> found(ListAppsResponse look, String appId) {
        return look.getAppsList().stream()
                .filter(app -> app.getAppId().equals(appId))
                .findFirst();
    }

    private static String missing(List<String> apps, List<AppStatus> now) {
        List<String> there = now.stream().map(AppStatus::getAppId).toList();
        return String.join(", ", apps.stream().filter(id -> !there.contains(id)).toList());
    }

    private void say(AppStatus app, Map<String, String> said) {
        if (!app.getUpdate().equals(said.put(app.getAppId(), app.getUpdate()))) {
            String who = files.size() == 1 ? "" : app.getAppId() + ": ";
            output.note(who + (app.getUpdate().equals("waiting") ? "waiting: " + app.getCause() : app.getUpdate()));
        }
    }

    private static boolean settled(String update) {
        return update.equals("proven") || failed(update);
    }

    private static boolean failed(String update) {
        return update.equals("rolled-back") || update.equals("failed");
    }

    private void show(List<AppStatus> apps) {
        if (output.isJson()) {
            List<AppRow> rows = apps.stream().map(AppRow::of).toList();
            output.json(files.size() == 1 ? rows.getFirst() : rows);
        } else {
            apps.forEach(app -> output.line(
                    app.getAppId() + " " + app.getVersion() + ": " + app.getPhase() + ", " + app.getUpdate()));
        }
        apps.stream().filter(app -> failed(app.getUpdate())).findFirst().ifPresent(app -> {
            throw CommandFailure.failed(
                    (files.size() == 1 ? "the new version" : "the new versions") + " did not hold; " + app.getAppId()
                            + " " + app.getVersion() + " is " + app.getPhase(),
                    "bulkhead logs " + app.getAppId() + " says why");
        });
    }
}
