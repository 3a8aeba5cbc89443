package dev.bulkhead.agent.api;

import dev.bulkhead.agent.lifecycle.EnsembleOrder;
import dev.bulkhead.agent.lifecycle.EnsembleReceipt;
import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.agent.lifecycle.Part;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.contract.proto.InstallChunk;
import dev.bulkhead.contract.proto.InstallTogetherResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Several packages coming in for a sideload as one: written aside, handed to the installer together, removed again. */
final class EnsembleUpload implements StreamObserver<InstallChunk> {
    private static final int LONGEST_LABEL = 120;

    private final PackageInstaller installer;
    private final Path folder;
    private final StreamObserver<InstallTogetherResponse> observer;
    private final List<IncomingPackage> packages = new ArrayList<>();
    private String label = "sideload";
    private boolean over;

    EnsembleUpload(PackageInstaller installer, Path folder, StreamObserver<InstallTogetherResponse> observer) {
        this.installer = installer;
        this.folder = folder;
        this.observer = observer;
    }

    @Override
    public void onNext(InstallChunk chunk) {
        if (over) {
            return;
        }
        try {
            if (!chunk.getLabel().isEmpty()) {
                label = chunk.getLabel().substring(0, Math.min(chunk.getLabel().length(), LONGEST_LABEL));
            }
            open(Integer.toUnsignedLong(chunk.getPackage())).add(chunk.getData());
        } catch (StatusRuntimeException e) {
            end();
            observer.onError(e);
        }
    }

    private IncomingPackage open(long number) {
        if (number == packages.size() && number < Part.MOST_MEMBERS) {
            packages.add(IncomingPackage.in(folder));
        }
        if (number != packages.size() - 1) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("package " + number + " came after " + packages.size()
                            + " packages; they come one after the other, at most " + Part.MOST_MEMBERS)
                    .asRuntimeException();
        }
        return packages.getLast();
    }

    @Override
    public void onError(Throwable callerIsGone) {
        end();
    }

    @Override
    public void onCompleted() {
        if (over) {
            return;
        }
        try {
            List<EnsembleOrder.Item> items = new ArrayList<>();
            for (IncomingPackage each : packages) {
                items.add(new EnsembleOrder.Item(
                        InstallOrder.sideload(label + "#" + items.size()), Optional.of(each.file())));
            }
            observer.onNext(response(installer.installTogether(new EnsembleOrder(label, items))));
            observer.onCompleted();
        } catch (IllegalArgumentException e) {
            observer.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        } catch (RuntimeException e) {
            observer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
        } finally {
            end();
        }
    }

    private void end() {
        over = true;
        packages.forEach(IncomingPackage::discard);
        packages.clear();
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
                        .map(release -> PackageUpload.response(new InstallReceipt.Accepted(release)))
                        .toList())
                .build();
    }
}
