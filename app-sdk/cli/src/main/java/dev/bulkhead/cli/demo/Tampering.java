package dev.bulkhead.cli.demo;

import dev.bulkhead.cli.app.PackageFile;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What an attacker would do to a package who cannot sign it: another module inside, all hashes made to fit. */
final class Tampering {
    private Tampering() {}

    static Path swapModule(Path victim, Path donor, Path target) {
        PackageFile genuine = PackageFile.read(victim);
        AppPackage forged = PackageWriter.assemble(
                genuine.app().manifest().bytes(),
                PackageFile.read(donor).app().module().bytes(),
                Optional.empty(),
                Optional.empty());
        byte[] signature = genuine.app().signature().orElseThrow().bytes();
        try {
            return Files.write(target, PackageWriter.write(forged.signedBy(signature)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
