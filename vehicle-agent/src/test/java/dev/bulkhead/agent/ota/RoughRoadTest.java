package dev.bulkhead.agent.ota;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeded bad days: cut lines, lost and doubled messages, a few corrupted blocks, restarts, silent servers. However the day
 * goes, once it is over the package is there, byte for byte. A failing seed is in the test's name.
 */
final class RoughRoadTest {
    private static final SampleFile FILE = new SampleFile(50 * SampleFile.BLOCK_SIZE + 321, 3);

    @TempDir
    Path directory;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void theUpdateArrivesHoweverTheDayGoes(long seed) throws IOException {
        Random chance = new Random(seed);
        RecordingInstaller installer = new RecordingInstaller();
        int lies = Bench.LIMITS.badBlocks();
        for (int life = 0; life < 4; life++) {
            try (Bench bench = new Bench(directory, installer)) {
                bench.assign("a1", FILE);
                int[] left = {lies / 2};
                bench.fleet.bend = block -> left[0] > 0 && chance.nextInt(20) == 0 ? spoiled(block, left) : block;
                badDay(bench, chance);
            }
        }
        try (Bench bench = new Bench(directory, installer)) {
            bench.assign("a1", FILE);
            bench.connected().run(600);
            assertTrue(installer.holds(FILE.sha256()), () -> "it stands at " + bench.fleet.progress);
            assertArrayEquals(FILE.bytes, installer.stored.get(FILE.sha256()));
            try (var parts = Files.list(directory.resolve("downloads"))) {
                assertTrue(parts.findAny().isEmpty(), "nothing is left behind");
            }
        }
    }

    private static void badDay(Bench bench, Random chance) {
        for (int hour = 0; hour < 12; hour++) {
            switch (chance.nextInt(6)) {
                case 0 -> bench.line.cut("tunnel " + hour);
                case 1, 2 -> bench.line.connect();
                case 3 -> bench.fleet.answersBlocks = chance.nextBoolean();
                case 4 -> bench.fleet.answersHello = chance.nextBoolean();
                default -> bench.fleet.send(FILE.block(chance.nextInt(FILE.layout.count())));
            }
            bench.runMillis(1 + chance.nextInt(hour % 4 == 3 ? 60_000 : 60));
        }
    }

    private static Block spoiled(Block block, int[] left) {
        left[0]--;
        byte[] data = block.getData().toByteArray();
        data[data.length / 2] ^= 4;
        return block.toBuilder()
                .setData(com.google.protobuf.ByteString.copyFrom(data))
                .build();
    }
}
