package dev.bulkhead.security.tuf;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.contract.proto.MetadataFile;
import dev.bulkhead.contract.proto.RepositoryKind;
import java.util.List;

/** Both repositories' files in one message. */
public final class BundleWriter {
    private BundleWriter() {}

    /** A bundle to which the caller adds the nonces. */
    public static MetadataBundle.Builder bundle(List<RoleFile> director, List<RoleFile> image) {
        MetadataBundle.Builder bundle = MetadataBundle.newBuilder();
        director.forEach(file -> bundle.addFiles(file(RepositoryKind.REPOSITORY_KIND_DIRECTOR, file)));
        image.forEach(file -> bundle.addFiles(file(RepositoryKind.REPOSITORY_KIND_IMAGE, file)));
        return bundle;
    }

    private static MetadataFile file(RepositoryKind repository, RoleFile file) {
        return MetadataFile.newBuilder()
                .setRepository(repository)
                .setName(file.name())
                .setContent(ByteString.copyFrom(file.content().toArray()))
                .build();
    }
}
