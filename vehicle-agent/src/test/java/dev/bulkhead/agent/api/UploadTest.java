package dev.bulkhead.agent.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.InstallChunk;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages that are handed in through the local API: whole, in order, within bounds, and gone from the disk afterwards. */
class UploadTest {
    @TempDir
    Path folder;

    private final List<String> handedIn = new ArrayList<>();
    private final Answers answers = new Answers();

    /** What the caller hears. */
    private static final class Answers implements StreamObserver<String> {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void onNext(String value) {
            heard.add(value);
        }

        @Override
        public void onError(Throwable failure) {
            Status status = Status.fromThrowable(failure);
            heard.add(status.getCode() + ": " + status.getDescription());
        }

        @Override
        public void onCompleted() {
            heard.add("done");
        }
    }

    private Upload<String> upload(int most) {
        return new Upload<>(folder, most, answers, (label, files) -> {
            handedIn.add(label);
            for (Path file : files) {
                handedIn.add(text(file));
            }
            return "taken";
        });
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static InstallChunk chunk(int number, String data) {
        return InstallChunk.newBuilder()
                .setPackage(number)
                .setData(ByteString.copyFromUtf8(data))
                .build();
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void handsPackagesInTogetherAndRemovesThem() throws IOException {
        Upload<String> upload = upload(2);
        upload.onNext(chunk(0, "ab").toBuilder().setLabel("x".repeat(500)).build());
        upload.onNext(chunk(0, "c"));
        upload.onNext(chunk(1, "d"));
        upload.onCompleted();
        assertEquals(List.of("x".repeat(120), "abc", "d"), handedIn);
        assertEquals(List.of("taken", "done"), answers.heard);
        nothingIsLeft();
    }

    @Test
    void takesNoPackageOutOfOrderAndNoneTooMany() throws IOException {
        for (int wrong : new int[] {0, 3, -1}) {
            Upload<String> upload = upload(16);
            upload.onNext(chunk(0, "a"));
            upload.onNext(chunk(1, "b"));
            upload.onNext(chunk(wrong, "c"));
            upload.onNext(chunk(2, "late"));
            upload.onCompleted();
        }
        Upload<String> one = upload(1);
        one.onNext(chunk(0, "a"));
        one.onNext(chunk(1, "b"));
        one.onCompleted();
        assertEquals(4, answers.heard.size(), answers.heard::toString);
        assertTrue(
                answers.heard.stream().allMatch(word -> word.startsWith("INVALID_ARGUMENT: package ")),
                answers.heard::toString);
        assertTrue(answers.heard.getLast().contains("at most 1"));
        assertEquals(List.of(), handedIn);
        nothingIsLeft();
    }

    @Test
    void saysThatNothingCameAndWhatTheDoorRefuses() throws IOException {
        upload(1).onCompleted();
        Upload<String> refused = new Upload<>(folder, 1, answers, (label, files) -> {
            throw new IllegalArgumentException("not like this");
        });
        refused.onNext(chunk(0, "a"));
        refused.onCompleted();
        assertEquals(List.of("INVALID_ARGUMENT: no package came", "INVALID_ARGUMENT: not like this"), answers.heard);
        nothingIsLeft();
    }

    @Test
    void keepsNothingOfACallerWhoLeft() throws IOException {
        Upload<String> upload = upload(1);
        upload.onNext(chunk(0, "a"));
        upload.onError(new IOException("gone"));
        upload.onCompleted();
        assertEquals(List.of(), answers.heard);
        nothingIsLeft();
    }
}
