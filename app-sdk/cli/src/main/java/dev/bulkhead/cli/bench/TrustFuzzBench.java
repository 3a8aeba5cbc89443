package dev.bulkhead.cli.bench;

import dev.bulkhead.contract.proto.MetadataFile;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.CertificateRequest;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.signing.Envelope;
import dev.bulkhead.security.tuf.MetadataReader;
import dev.bulkhead.security.tuf.RoleMetadata;
import dev.bulkhead.security.tuf.Root;
import dev.bulkhead.security.tuf.Snapshot;
import dev.bulkhead.security.tuf.Targets;
import dev.bulkhead.security.tuf.Timestamp;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Mutates inputs to every parser of trust; anything but the rooms' own exceptions ends the run. */
final class TrustFuzzBench {
    private static final List<Class<? extends RoleMetadata>> TYPES =
            List.of(Root.class, Timestamp.class, Snapshot.class, Targets.class);

    private TrustFuzzBench() {}

    static Measurement run(TrustTown town, int inputs) {
        Random random = new Random(6);
        List<byte[]> files = town.bundle().getFilesList().stream()
                .map(MetadataFile::getContent)
                .map(content -> content.toByteArray())
                .filter(content -> content.length < 8_000)
                .toList();
        byte[] envelope = town.envelope().toArray();
        byte[] certificate = Certificates.encoded(town.oemRoot());
        TrustAnchor anchor = new TrustAnchor(town.oemRoot());
        byte[] request =
                CertificateRequest.sign("VIN-1", FileSigner.generate(KeyScheme.ECDSA_P256, new SecureRandom()));
        long refused = 0;
        for (int i = 0; i < inputs; i++) {
            int at = i;
            boolean taken = switch (i % 5) {
                case 0, 1 ->
                    takes(() -> MetadataReader.read(
                            "file", mutate(files.get(at % files.size()), random), TYPES.get(at / 5 % TYPES.size())));
                case 2 -> takes(() -> Envelope.decode(mutate(envelope, random)));
                case 3 -> takes(() -> CertificateRequest.parse(mutate(request, random)));
                default ->
                    takes(() -> {
                        X509Certificate parsed = Certificates.parse(mutate(certificate, random), "input");
                        anchor.checkVehicle(List.of(parsed), TrustTown.TIME.instant());
                    });
            };
            refused += taken ? 0 : 1;
        }
        String how = "metadata, envelopes, certificates, requests; " + refused + " refused, no other exception";
        return new Measurement("mutated inputs survived", inputs, "inputs", inputs, true, how);
    }

    private static boolean takes(Runnable parser) {
        try {
            parser.run();
            return true;
        } catch (SecurityFailure e) {
            return false;
        }
    }

    private static byte[] mutate(byte[] input, Random random) {
        byte[] out = input.clone();
        for (int i = 0; i <= random.nextInt(3); i++) {
            out[random.nextInt(out.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(out, random.nextInt(out.length)) : out;
    }
}
