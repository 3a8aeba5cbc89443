package dev.bulkhead.agent.api;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.contract.pack.PackageLimits;
import dev.bulkhead.contract.proto.InstallChunk;
import dev.bulkhead.contract.proto.InstallResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A package coming in for a sideload: written aside, bounded, handed to the installer, removed again. */
final class PackageUpload implements StreamObserver<InstallChunk> {
    private final PackageInstaller installer;
    private final Path folder;
    private final StreamObserver<InstallResponse> observer;
    private @Nullable Path file;
    private String label = "sideload";
    private long bytes;
    private boolean over;

    PackageUpload(PackageInstaller installer, Path folder, StreamObserver<InstallResponse> observer) {
        this.installer = installer;
        this.folder = folder;
        this.observer = observer;
    }

    @Override
    public void onNext(InstallChunk chunk) {
        if (over) {
            return;
        }
        if (!chunk.getLabel().isEmpty()) {
            label = chunk.getLabel().substring(0, Math.min(chunk.getLabel().length(), 128));
        }
        bytes += chunk.getData().size();
        if (bytes > PackageLimits.STANDARD.packageBytes()) {
            fail(Status.INVALID_ARGUMENT.withDescription(
                    "the package has more than " + PackageLimits.STANDARD.packageBytes() + " bytes"));
            return;
        }
        try {
            Path to = file;
            if (to == null) {
                Files.createDirectories(folder);
                to = Files.createTempFile(folder, "sideload", ".sdvapp");
                file = to;
            }
            Files.write(to, chunk.getData().toByteArray(), StandardOpenOption.APPEND);
        } catch (IOException e) {
            fail(Status.RESOURCE_EXHAUSTED.withDescription("cannot keep the package: " + e.getMessage()));
        }
    }

    private void fail(Status status) {
        over = true;
        discard();
        observer.onError(status.asRuntimeException());
    }

    @Override
    public void onError(Throwable callerIsGone) {
        over = true;
        discard();
    }

    @Override
    public void onCompleted() {
        if (over) {
            return;
        }
        Path content = file;
        if (content == null) {
            fail(Status.INVALID_ARGUMENT.withDescription("the package is empty"));
            return;
        }
        try {
            observer.onNext(response(installer.install(InstallOrder.sideload(label), content)));
            observer.onCompleted();
        } catch (RuntimeException e) {
            observer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
        } finally {
            discard();
        }
    }

    private void discard() {
        Path left = file;
        file = null;
        if (left != null) {
            try {
                Files.deleteIfExists(left);
            } catch (IOException e) {
                left.toFile().deleteOnExit();
            }
        }
    }

    static InstallResponse response(InstallReceipt receipt) {
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
}
