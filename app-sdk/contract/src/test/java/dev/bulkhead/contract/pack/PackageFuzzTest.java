package dev.bulkhead.contract.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Mutates a valid package with a fixed seed: only PackageException may come out, and what is read is what was packed. */
class PackageFuzzTest {
    @Test
    void throwsNothingButItsOwnExceptionForMutatedFiles() {
        Random random = new Random(20261122);
        AppPackage original = PackageTest.whole();
        byte[] file = PackageWriter.write(original);
        for (int round = 0; round < 4_000; round++) {
            byte[] mutant = mutate(file, random);
            try {
                assertEquals(
                        original.packageDigest(), PackageReader.read(mutant).packageDigest());
            } catch (PackageException e) {
                assertTrue(e.getMessage().startsWith("package refused ("), e.getMessage());
            }
        }
    }

    @Test
    void throwsNothingButItsOwnExceptionForMutatedDocuments() {
        Random random = new Random(20261123);
        List<Map.Entry<String, byte[]>> entries = List.copyOf(
                TarEntries.read(PackageWriter.write(PackageTest.whole())).entrySet());
        int refused = 0;
        for (int round = 0; round < 4_000; round++) {
            List<Map.Entry<String, byte[]>> changed = new ArrayList<>(entries);
            int victim = random.nextInt(2) == 0 ? 1 : random.nextInt(changed.size());
            byte[] content = mutate(changed.get(victim).getValue(), random);
            String name = changed.get(victim).getKey();
            boolean renamed = name.startsWith(PackageWriter.BLOBS) && random.nextBoolean();
            changed.set(
                    victim,
                    Map.entry(renamed ? PackageWriter.BLOBS + Digest.of(content).hex() : name, content));
            TarWriter tar = new TarWriter();
            changed.forEach(e -> tar.add(e.getKey(), e.getValue()));
            try {
                PackageReader.read(tar.finish());
            } catch (PackageException e) {
                refused++;
            }
        }
        assertTrue(refused > 1_000, "refused only " + refused);
    }

    private static byte[] mutate(byte[] file, Random random) {
        byte[] mutant = random.nextInt(8) == 0 ? Arrays.copyOf(file, random.nextInt(file.length + 600)) : file.clone();
        for (int edits = random.nextInt(1, 5); edits > 0 && mutant.length > 0; edits--) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(3)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                default -> {
                    int length = Math.min(random.nextInt(1, 64), mutant.length - at);
                    int from = random.nextInt(mutant.length - length + 1);
                    System.arraycopy(mutant, from, mutant, at, length);
                }
            }
        }
        return mutant;
    }
}
