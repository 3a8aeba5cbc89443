package dev.bulkhead.agent.api;

import dev.bulkhead.contract.proto.InstallChunk;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Packages that come in for a sideload, one after the other: written aside, bounded, handed in together, removed again. */
final class Upload<R> implements StreamObserver<InstallChunk> {
    private static final int LONGEST_LABEL = 120;

    private final Path folder;
    private final int most;
    private final StreamObserver<R> observer;
    private final Door<R> door;
    private final List<IncomingPackage> packages = new ArrayList<>();
    private String label = "sideload";
    private boolean over;

    /** Where complete packages are handed in. */
    @FunctionalInterface
    interface Door<R> {
        /** @throws IllegalArgumentException when they cannot be handed in like this */
        R handIn(String label, List<Path> files);
    }

    /** @param most packages that can come */
    Upload(Path folder, int most, StreamObserver<R> observer, Door<R> door) {
        this.folder = folder;
        this.most = most;
        this.observer = observer;
        this.door = door;
    }

    @Override
    public void onNext(InstallChunk chunk) {
        if (over) {
            return;
        }
        if (!chunk.getLabel().isEmpty()) {
            label = chunk.getLabel().substring(0, Math.min(chunk.getLabel().length(), LONGEST_LABEL));
        }
        try {
            incoming(Integer.toUnsignedLong(chunk.getPackage())).add(chunk.getData());
        } catch (StatusRuntimeException e) {
            end();
            observer.onError(e);
        }
    }

    private IncomingPackage incoming(long number) {
        if (number == packages.size() && number < most) {
            packages.add(IncomingPackage.in(folder));
        }
        if (number != packages.size() - 1) {
            throw invalid("package " + number + " came after " + packages.size()
                    + " packages; they come one after the other, at most " + most);
        }
        return packages.getLast();
    }

    private static StatusRuntimeException invalid(String what) {
        return Status.INVALID_ARGUMENT.withDescription(what).asRuntimeException();
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
            if (packages.isEmpty()) {
                throw new IllegalArgumentException("no package came");
            }
            List<Path> files = packages.stream().map(IncomingPackage::file).toList();
            observer.onNext(door.handIn(label, files));
            observer.onCompleted();
        } catch (IllegalArgumentException e) {
            observer.onError(invalid(String.valueOf(e.getMessage())));
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
}
