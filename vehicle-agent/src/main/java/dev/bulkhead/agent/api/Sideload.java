package dev.bulkhead.agent.api;

import dev.bulkhead.agent.lifecycle.EnsembleOrder;
import dev.bulkhead.agent.lifecycle.EnsembleReceipt;
import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.agent.lifecycle.Part;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.contract.proto.InstallResponse;
import dev.bulkhead.contract.proto.InstallTogetherResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the local operator hands in and takes away, and the installer's answers as messages. */
final class Sideload {
    private final PackageInstaller installer;
    private final Path folder;

    /** @param folder where packages lie while they come in */
    Sideload(PackageInstaller installer, Path folder) {
        this.installer = installer;
        this.folder = folder;
    }

    Upload<InstallResponse> one(StreamObserver<InstallResponse> observer) {
        return new Upload<>(
                folder,
                1,
                observer,
                (label, files) -> response(installer.install(InstallOrder.sideload(label), files.getFirst())));
    }

    Upload<InstallTogetherResponse> several(StreamObserver<InstallTogetherResponse> observer) {
        return new Upload<>(
                folder,
                Part.MOST_MEMBERS,
                observer,
                (label, files) -> response(installer.installTogether(ensemble(label, files))));
    }

    private static EnsembleOrder ensemble(String label, List<Path> files) {
        List<EnsembleOrder.Item> items = new ArrayList<>();
        for (Path file : files) {
            items.add(new EnsembleOrder.Item(InstallOrder.sideload(label + "#" + items.size()), Optional.of(file)));
        }
        return new EnsembleOrder(label, items);
    }

    InstallResponse uninstall(String appId) {
        return response(installer.uninstall("local operator", appId));
    }

    private static InstallResponse response(InstallReceipt receipt) {
        return switch (receipt) {
            case InstallReceipt.Accepted accepted -> about("accepted", accepted.release());
            case InstallReceipt.Unchanged unchanged -> about("unchanged", unchanged.release());
            case InstallReceipt.Refused refused ->
                InstallResponse.newBuilder()
                        .setResult("refused")
                        .setReason(refused.reason())
                        .setDetail(refused.detail())
                        .build();
        };
    }

    private static InstallResponse about(String result, ReleaseRef release) {
        return InstallResponse.newBuilder()
                .setResult(result)
                .setAppId(release.appId())
                .setVersion(release.version())
                .setRelease(release.release())
                .build();
    }

    private static InstallTogetherResponse response(EnsembleReceipt receipt) {
        return switch (receipt) {
            case EnsembleReceipt.Accepted accepted -> about("accepted", accepted.releases());
            case EnsembleReceipt.Unchanged unchanged -> about("unchanged", unchanged.releases());
            case EnsembleReceipt.Refused refused ->
                InstallTogetherResponse.newBuilder()
                        .setResult("refused")
                        .setAtFault(refused.who())
                        .setReason(refused.refused().reason())
                        .setDetail(refused.refused().detail())
                        .build();
            case EnsembleReceipt.Busy busy ->
                InstallTogetherResponse.newBuilder()
                        .setResult("busy")
                        .setAtFault(busy.who())
                        .setDetail(busy.who() + " is at a message boundary or being removed; try again in a moment")
                        .build();
        };
    }

    private static InstallTogetherResponse about(String result, List<ReleaseRef> releases) {
        return InstallTogetherResponse.newBuilder()
                .setResult(result)
                .addAllApps(releases.stream()
                        .map(release -> about("accepted", release))
                        .toList())
                .build();
    }
}
