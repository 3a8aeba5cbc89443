package dev.bulkhead.agent.ota;

import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_DOWNLOADING;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_FAILED;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_INSTALLING;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_REFUSED;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_SUCCEEDED;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_VERIFYING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.EnsembleReceipt;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.InstalledRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Assignments of one ensemble: handed over as one when the last package has come, or not at all. */
final class TogetherTest {
    private static final SampleFile LEFT = new SampleFile(20 * SampleFile.BLOCK_SIZE + 5, 1);
    private static final SampleFile RIGHT = new SampleFile(30 * SampleFile.BLOCK_SIZE + 7, 2);
    private static final String HANDED_OVER = "together e1 [left, right]";

    @TempDir
    Path directory;

    private static Assignment member(SampleFile file, String app) {
        Assignment alone = file.assigned(app, "com.acme." + app, 2);
        return new Assignment(
                alone.id(), alone.release(), alone.length(), alone.blockSize(), alone.blocksRoot(), Optional.of("e1"));
    }

    private static void assign(Bench bench, Assignment... more) {
        bench.fleet.hold(LEFT);
        bench.fleet.hold(RIGHT);
        bench.verdict = new TrustGate.Verdict.Accepted(
                Stream.concat(Stream.of(member(LEFT, "left"), member(RIGHT, "right")), Stream.of(more))
                        .toList());
    }

    private long parts() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("downloads"))) {
            return files.count();
        }
    }

    @Test
    void areHandedOverAsOneOnceTheLastIsHere() throws IOException {
        try (Bench bench = new Bench(directory)) {
            assign(bench);
            bench.connected().run(5);
            assertEquals(List.of(HANDED_OVER), bench.installer.calls);
            for (String each : List.of("left", "right")) {
                assertEquals(
                        List.of(UPDATE_STATE_DOWNLOADING, UPDATE_STATE_VERIFYING, UPDATE_STATE_INSTALLING),
                        bench.fleet.states(each));
            }
            assertEquals(LEFT.layout.count() + RIGHT.layout.count(), bench.fleet.blocksSent);
            assertEquals(0, parts());
        }
    }

    @Test
    void oneThatStandsAloneDoesNotWaitForThem() {
        SampleFile other = new SampleFile(SampleFile.BLOCK_SIZE, 3);
        try (Bench bench = new Bench(directory)) {
            assign(bench, other.assigned("other", "com.acme.other", 2));
            bench.fleet.hold(other);
            bench.connected().run(5);
            assertEquals(
                    List.of(HANDED_OVER, "install other"),
                    bench.installer.calls.stream().sorted().toList().reversed());
        }
    }

    @Test
    void oneThatIsStoredHereGoesWithoutAFile() {
        try (Bench bench = new Bench(directory)) {
            bench.installer.stored.put(LEFT.sha256(), LEFT.bytes);
            assign(bench);
            bench.connected().run(5);
            assertEquals(List.of("together e1 [left stored, right]"), bench.installer.calls);
            assertEquals(RIGHT.layout.count(), bench.fleet.blocksSent);
        }
    }

    @Test
    void oneThatRunsAlreadyHasSucceededAndTheOthersComeIn() {
        try (Bench bench = new Bench(directory)) {
            bench.installer.stored.put(LEFT.sha256(), LEFT.bytes);
            bench.installer.installed.put(
                    "com.acme.left",
                    new InstalledRelease(member(LEFT, "left").release(), "00".repeat(32), 7, "running"));
            assign(bench);
            bench.connected().run(5);
            assertEquals(UPDATE_STATE_SUCCEEDED, bench.fleet.last("left").getState());
            assertEquals("is installed already", bench.fleet.last("left").getDetail());
            assertEquals(UPDATE_STATE_INSTALLING, bench.fleet.last("right").getState());
        }
    }

    @Test
    void aPackageThatIsKeptIsFoundAgainAfterThePowerWentOff() {
        try (Bench bench = new Bench(directory)) {
            assign(bench);
            bench.connected();
            while (!bench.fleet.states("left").contains(UPDATE_STATE_VERIFYING)) {
                bench.runMillis(5);
            }
            assertEquals(List.of(), bench.installer.calls);
            bench.poweredOff();
        }
        try (Bench bench = new Bench(directory)) {
            assign(bench);
            bench.connected().run(5);
            assertEquals(List.of(HANDED_OVER), bench.installer.calls);
            assertTrue(
                    bench.fleet.blocksSent <= RIGHT.layout.count(), bench.fleet.blocksSent + " blocks were sent again");
        }
    }

    @Test
    void oneThatIsMissingKeepsAllOut() throws IOException {
        try (Bench bench = new Bench(directory)) {
            assign(bench);
            bench.connected();
            while (!bench.fleet.states("right").contains(UPDATE_STATE_DOWNLOADING)) {
                bench.runMillis(5);
            }
            bench.fleet.refusal = Optional.of("not-found");
            bench.run(60);
            assertEquals(List.of(), bench.installer.calls);
            assertEquals(UPDATE_STATE_FAILED, bench.fleet.last("right").getState());
            assertEquals(UPDATE_STATE_FAILED, bench.fleet.last("left").getState());
            assertEquals("source", bench.fleet.last("left").getReason());
            assertTrue(
                    bench.fleet.last("left").getDetail().startsWith("all or none: com.acme.right was kept out: "),
                    bench.fleet.last("left").getDetail());
            assertEquals(0, parts());
        }
    }

    @Test
    void oneThatLiesKeepsAllOutAlsoAfterThePowerWentOff() {
        try (Bench bench = new Bench(directory)) {
            assign(bench);
            bench.fleet.bend = block -> block.getSha256().equals(ManifestWriter.bytes(RIGHT.sha256()))
                    ? block.toBuilder().setData(block.getData().substring(1)).build()
                    : block;
            bench.connected().run(5);
            assertEquals(UPDATE_STATE_REFUSED, bench.fleet.last("right").getState());
            assertEquals(UPDATE_STATE_REFUSED, bench.fleet.last("left").getState());
            assertEquals("block-hash", bench.fleet.last("left").getReason());
            bench.poweredOff();
        }
        try (Bench bench = new Bench(directory)) {
            assign(bench);
            bench.connected().run(5);
            assertEquals(List.of(), bench.installer.calls);
            assertEquals(0, bench.fleet.blocksSent);
        }
    }

    @Test
    void whatTheInstallerRefusesIsToldOfEachAndWhoseFaultItIs() {
        try (Bench bench = new Bench(directory)) {
            bench.installer.together = Optional.of(new EnsembleReceipt.Refused(
                    "com.acme.right", new InstallReceipt.Refused("signature", "signed by nobody trusted")));
            assign(bench);
            bench.connected().run(5);
            assertEquals(List.of(HANDED_OVER), bench.installer.calls);
            assertEquals("signed by nobody trusted", bench.fleet.last("right").getDetail());
            assertEquals(UPDATE_STATE_REFUSED, bench.fleet.last("left").getState());
            assertEquals("signature", bench.fleet.last("left").getReason());
            assertEquals(
                    "all or none: com.acme.right was kept out: signed by nobody trusted",
                    bench.fleet.last("left").getDetail());
            assertEquals(List.of("signature: signed by nobody trusted"), bench.attacks);
        }
    }

    @Test
    void areHandedInAgainWhenTheInstallerCannotTakeThemJustNow() {
        try (Bench bench = new Bench(directory)) {
            bench.installer.together = Optional.of(new EnsembleReceipt.Busy("com.acme.left"));
            assign(bench);
            bench.connected().run(5);
            assertEquals(List.of(HANDED_OVER), bench.installer.calls);
            bench.installer.together = Optional.empty();
            bench.run(60);
            assertEquals(List.of(HANDED_OVER, HANDED_OVER), bench.installer.calls);
            assertEquals(UPDATE_STATE_INSTALLING, bench.fleet.last("left").getState());
        }
    }
}
