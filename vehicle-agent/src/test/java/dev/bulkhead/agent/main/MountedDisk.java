package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system of its own, which a test may fill up or break. Needs the right to mount one; without it the test is skipped. */
final class MountedDisk {
    private static final long IMAGE_BYTES = 256L << 20;

    private final Path path;
    private final List<String> mount;

    private MountedDisk(Path path, List<String> mount) {
        this.path = path;
        this.mount = mount;
    }

    /** One in memory, soon full. */
    static MountedDisk small(Path folder, String size) throws Exception {
        Path path = Files.createDirectory(folder.resolve("disk"));
        MountedDisk disk =
                new MountedDisk(path, List.of("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString()));
        assumeTrue(disk.mount(), "a small file system cannot be mounted here (needs root and CAP_SYS_ADMIN)");
        return disk;
    }

    /** An ext4, which the kernel can be told to find broken. */
    static MountedDisk ext4(Path folder) throws Exception {
        Path path = Files.createDirectory(folder.resolve("disk"));
        Path image = folder.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE_BYTES);
        }
        MountedDisk disk = new MountedDisk(path, List.of("mount", "-o", "loop", image.toString(), path.toString()));
        assumeTrue(
                run(List.of("mkfs.ext4", "-q", "-F", image.toString())) && disk.mount(),
                "an ext4 cannot be made and mounted here (needs root, CAP_SYS_ADMIN, loop devices and mkfs.ext4)");
        return disk;
    }

    Path path() {
        return path;
    }

    boolean mount() throws Exception {
        return run(mount);
    }

    /** From here on it is read only, as after an error of the medium. */
    boolean turnReadOnly() throws Exception {
        return run(List.of("mount", "-o", "remount,abort", path.toString()));
    }

    /** False while somebody holds a file of it. */
    boolean unmount() throws Exception {
        return run(List.of("umount", path.toString()));
    }

    private static boolean run(List<String> command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }
}
