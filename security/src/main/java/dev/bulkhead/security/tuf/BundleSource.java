package dev.bulkhead.security.tuf;

import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.contract.proto.MetadataFile;
import dev.bulkhead.contract.proto.RepositoryKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The files of one repository out of a bundle. */
final class BundleSource implements MetadataSource {
    private static final int MAX_FILES = 2048;

    private final Map<String, MetadataFile> files = new HashMap<>();

    /** @throws MetadataRefusedException when the bundle has too many files or one twice */
    BundleSource(MetadataBundle bundle, RepositoryKind repository) {
        if (bundle.getFilesCount() > MAX_FILES) {
            throw new MetadataRefusedException(
                    "bundle", Refusal.ENDLESS_DATA, bundle.getFilesCount() + " files, limit " + MAX_FILES);
        }
        for (MetadataFile file : bundle.getFilesList()) {
            if (file.getRepository() == repository && files.put(file.getName(), file) != null) {
                throw new MetadataRefusedException(file.getName(), Refusal.MALFORMED, "twice in one bundle");
            }
        }
    }

    @Override
    public Optional<byte[]> fetch(String name, int maxBytes) {
        return Optional.ofNullable(files.get(name))
                .map(file -> file.getContent()
                        .substring(0, (int) Math.min(file.getContent().size(), maxBytes + 1L)))
                .map(content -> content.toByteArray());
    }
}
