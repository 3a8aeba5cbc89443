package dev.bulkhead.agent.files;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.contract.pack.Assets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The assets of a package, to be read only. */
record AssetVolume(Assets assets) implements Volume {
    private record Node(Assets.Entry entry) implements FileNode {
        @Override
        public boolean folder() {
            return entry instanceof Assets.Folder;
        }

        @Override
        public int size() {
            return entry instanceof Assets.File file ? file.content().length : 0;
        }

        @Override
        public int number() {
            return entry.number();
        }

        @Override
        public int copy(long offset, GuestMemory memory, int address, int length) {
            if (!(entry instanceof Assets.File file) || offset >= file.content().length) {
                return 0;
            }
            int count = Math.min(length, file.content().length - (int) offset);
            memory.write(address, file.content(), (int) offset, count);
            return count;
        }
    }

    @Override
    public String mountPoint() {
        return "/assets";
    }

    @Override
    public int device() {
        return 2;
    }

    @Override
    public @Nullable FileNode find(String path) {
        Assets.Entry entry = assets.find(path);
        return entry == null ? null : new Node(entry);
    }

    @Override
    public Stream<Listed> list(String path) {
        return assets.find(path) instanceof Assets.Folder folder
                ? folder.entries().entrySet().stream().map(each -> new Listed(each.getKey(), new Node(each.getValue())))
                : Stream.empty();
    }

    @Override
    public void opened(FileNode node) {
        // it stays as long as the package does
    }

    @Override
    public void closed(FileNode node) {
        // nor does it go when nobody reads it
    }
}
