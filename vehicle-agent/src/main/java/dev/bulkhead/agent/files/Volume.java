package dev.bulkhead.agent.files;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A tree of files that a guest has opened beforehand. Paths within it have neither dots nor a slash at an end; the root's is empty. */
sealed interface Volume permits ScratchTree, AssetVolume {
    /** What a folder lists. */
    record Listed(String name, FileNode node) {}

    /** What the guest knows the root by. */
    String mountPoint();

    /** What {@code stat} says for the device. */
    int device();

    @Nullable
    FileNode find(String path);

    /** What lies directly in a folder, in order. */
    Stream<Listed> list(String folder);

    /** A descriptor of the node is open from now on. */
    void opened(FileNode node);

    /** A descriptor of the node is open no more. */
    void closed(FileNode node);
}
