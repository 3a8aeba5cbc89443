package dev.bulkhead.agent.api;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.contract.proto.InstallChunk;
import dev.bulkhead.contract.proto.InstallResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A package coming in for a sideload: written aside, bounded, handed to the installer, removed again. */
final class PackageUpload implements StreamObserver<InstallChunk> {
    private final PackageInstaller installer;
    private final Path folder;
    private final StreamObserver<InstallResponse> observer;
    private @Nullable IncomingPackage incoming;
    private String label = "sideload";
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
        try {
            IncomingPackage to = incoming;
            if (to == null) {
                to = IncomingPackage.in(folder);
                incoming = to;
            }
            to.add(chunk.getData());
        } catch (StatusRuntimeException e) {
            fail(e.getStatus());
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
        IncomingPackage content = incoming;
        if (content == null) {
            fail(Status.INVALID_ARGUMENT.withDescription("the package is empty"));
            return;
        }
        try {
            observer.onNext(response(installer.install(InstallOrder.sideload(label), content.file())));
            observer.onCompleted();
        } catch (RuntimeException e) {
            observer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
        } finally {
            discard();
        }
    }

    private void discard() {
        IncomingPackage left = incoming;
        incoming = null;
        if (left != null) {
            left.discard();
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
