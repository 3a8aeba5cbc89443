package dev.bulkhead.contract.abi;

import java.util.List;

/** The part of {@code wasi_snapshot_preview1} there is; the rest is refused by name like any unknown import. */
final class WasiFunctions {
    private static final String WASI = "wasi_snapshot_preview1";

    private WasiFunctions() {}

    static List<HostFunction> table() {
        return List.of(
                row(Need.NOTHING, "args_get(argv i32, buf i32) -> i32", "No arguments."),
                row(Need.NOTHING, "args_sizes_get(count i32, size i32) -> i32", "No arguments."),
                row(Need.NOTHING, "environ_get(environ i32, buf i32) -> i32", "No environment."),
                row(Need.NOTHING, "environ_sizes_get(count i32, size i32) -> i32", "No environment."),
                row(Need.NOTHING, "proc_exit(code i32)", "As app.exit."),
                row(Need.NOTHING, "sched_yield() -> i32", "Does nothing."),
                row(Need.WASI_CLOCKS, "clock_res_get(id i32, out i32) -> i32", "Resolution of a clock."),
                row(
                        Need.WASI_CLOCKS,
                        "clock_time_get(id i32, precision i64, out i32) -> i32",
                        "Time of a clock; virtual in simulation."),
                row(Need.WASI_RANDOM, "random_get(buf i32, len i32) -> i32", "Random bytes; seeded in simulation."),
                row(Need.WASI_STREAMS, "fd_close(fd i32) -> i32", "Closes a scratch file or asset."),
                row(Need.WASI_STREAMS, "fd_fdstat_get(fd i32, out i32) -> i32", "Facts of a descriptor."),
                row(
                        Need.WASI_STREAMS,
                        "fd_fdstat_set_flags(fd i32, flags i32) -> i32",
                        "Append mode of a scratch file."),
                row(
                        Need.WASI_STREAMS,
                        "fd_prestat_get(fd i32, out i32) -> i32",
                        "Which directories there are: scratch, assets."),
                row(Need.WASI_STREAMS, "fd_prestat_dir_name(fd i32, path i32, len i32) -> i32", "Their names."),
                row(
                        Need.WASI_STREAMS,
                        "fd_read(fd i32, iovs i32, n i32, out i32) -> i32",
                        "Reads a file; standard input is empty."),
                row(Need.WASI_STREAMS, "fd_seek(fd i32, offset i64, whence i32, out i32) -> i32", "Moves in a file."),
                row(
                        Need.WASI_STREAMS,
                        "fd_write(fd i32, iovs i32, n i32, out i32) -> i32",
                        "Writes to the log (1, 2) or a scratch file."),
                row(
                        Need.WASI_FILES,
                        "fd_pread(fd i32, iovs i32, n i32, offset i64, out i32) -> i32",
                        "Reads a file at an offset."),
                row(Need.WASI_FILES, "fd_filestat_get(fd i32, out i32) -> i32", "Facts of a file."),
                row(
                        Need.WASI_FILES,
                        "fd_readdir(fd i32, buf i32, len i32, cookie i64, out i32) -> i32",
                        "Lists a directory."),
                row(Need.WASI_FILES, "fd_tell(fd i32, out i32) -> i32", "Where in a file."),
                row(Need.WASI_FILES, "path_create_directory(fd i32, path i32, len i32) -> i32", "In scratch."),
                row(
                        Need.WASI_FILES,
                        "path_filestat_get(fd i32, flags i32, path i32, len i32, out i32) -> i32",
                        "Facts of a file by name."),
                row(
                        Need.WASI_FILES,
                        "path_open(fd i32, dirflags i32, path i32, len i32, oflags i32, rights i64, inheriting i64, fdflags i32, out i32) -> i32",
                        "Opens a scratch file, or an asset for reading."),
                row(Need.WASI_FILES, "path_remove_directory(fd i32, path i32, len i32) -> i32", "In scratch."),
                row(
                        Need.WASI_FILES,
                        "path_rename(fd i32, path i32, len i32, new_fd i32, new_path i32, new_len i32) -> i32",
                        "In scratch."),
                row(Need.WASI_FILES, "path_unlink_file(fd i32, path i32, len i32) -> i32", "In scratch."));
    }

    private static HostFunction row(Need need, String spelling, String doc) {
        return HostFunction.of(WASI, need, spelling, doc);
    }
}
