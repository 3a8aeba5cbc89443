package dev.bulkhead.agent.ota;

import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_DOWNLOADING;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_FAILED;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_INSTALLING;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_PROBATION;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_REFUSED;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_ROLLED_BACK;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_SUCCEEDED;
import static dev.bulkhead.contract.proto.UpdateState.UPDATE_STATE_VERIFYING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.contract.proto.Block;
import dev.bulkhead.contract.proto.Wake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OtaClientTest {
    private static final SampleFile FILE = new SampleFile(40 * SampleFile.BLOCK_SIZE + 17, 1);

    @TempDir
    Path directory;

    @Test
    void pullsAnAssignedPackageAndReportsSuccessOnlyAfterProbation() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.connected().run(5);
            assertArrayEquals(FILE.bytes, bench.installer.stored.get(FILE.sha256()));
            assertEquals(UPDATE_STATE_INSTALLING, bench.fleet.last("a1").getState());

            bench.installer.settle("a1", new UpdateOutcome.OnProbation(9));
            bench.run(1);
            bench.installer.settle("a1", new UpdateOutcome.Proven());
            bench.run(1);
            assertEquals(
                    List.of(
                            UPDATE_STATE_DOWNLOADING,
                            UPDATE_STATE_VERIFYING,
                            UPDATE_STATE_INSTALLING,
                            UPDATE_STATE_PROBATION,
                            UPDATE_STATE_SUCCEEDED),
                    bench.fleet.states("a1"));
            assertEquals(List.of(), bench.attacks);
            assertEquals(FILE.layout.count(), bench.fleet.blocksSent);
        }
    }

    @Test
    void helloTellsWhoAsksAndWhatIsTrusted() {
        try (Bench bench = new Bench(directory)) {
            bench.connected().run(1);
            var hello = bench.fleet.hellos.getFirst();
            assertEquals("veh-1", hello.getVehicleId());
            assertEquals(3, hello.getDirectorRootVersion());
            assertEquals(4, hello.getImageRootVersion());
            assertEquals(16, hello.getNonce().size());
            assertEquals("roadster", hello.getAttributes(0).getValue());
        }
    }

    @Test
    void signsAManifestOfWhatIsInstalledWithTheFleetsNonce() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.connected().run(5);
            bench.installer.settle("a1", new UpdateOutcome.Proven());
            bench.run(2);
            var manifest = bench.fleet.manifests.getLast();
            assertEquals(
                    "manifest " + bench.fleet.hellos.size(), manifest.getNonce().toStringUtf8());
            assertEquals("com.acme.climate", manifest.getInstalled(0).getAppId());
            assertEquals(
                    FILE.sha256(),
                    java.util.HexFormat.of()
                            .formatHex(
                                    manifest.getInstalled(0).getPackageSha256().toByteArray()));
        }
    }

    @Test
    void resumesAtTheNextBlockAfterTheLineWasCut() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.connected().runMillis(70);
            assertTrue(bench.fleet.blocksSent < FILE.layout.count());
            bench.line.cut("tunnel");
            bench.run(60).connected().run(5);
            assertTrue(bench.installer.holds(FILE.sha256()));
            int twice = bench.fleet.blocksSent - FILE.layout.count();
            assertTrue(twice <= Bench.LIMITS.window(), twice + " blocks were sent twice");
        }
    }

    @Test
    void resumesAtTheNextBlockAfterARestart() {
        int first;
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.connected().runMillis(70);
            first = bench.fleet.blocksSent;
            bench.poweredOff();
        }
        assertTrue(first > 8 && first < FILE.layout.count());
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.connected().run(5);
            assertArrayEquals(FILE.bytes, bench.installer.stored.get(FILE.sha256()));
            assertTrue(first + bench.fleet.blocksSent - FILE.layout.count() <= Bench.LIMITS.window());
        }
    }

    @Test
    void whatTheVehicleHasIsNotSentAgain() {
        try (Bench bench = new Bench(directory)) {
            bench.installer.stored.put(FILE.sha256(), FILE.bytes);
            bench.assign("a1", FILE);
            bench.connected().run(5);
            assertEquals(List.of("installStored a1"), bench.installer.calls);
            assertEquals(0, bench.fleet.blocksSent);
        }
    }

    @Test
    void aSettledAssignmentIsNotTriedAgain() {
        RecordingInstaller installer = new RecordingInstaller();
        try (Bench bench = new Bench(directory, installer)) {
            bench.assign("a1", FILE);
            bench.connected().run(5);
            installer.settle("a1", new UpdateOutcome.RolledBack(ref(1), "trap in on_start"));
            bench.run(1);
            assertEquals(UPDATE_STATE_ROLLED_BACK, bench.fleet.last("a1").getState());
            assertTrue(bench.fleet.last("a1").getDetail().contains("trap in on_start"));
            bench.poweredOff();
        }
        installer.reports.clear();
        try (Bench bench = new Bench(directory, installer)) {
            bench.assign("a1", FILE);
            bench.connected().run(5);
            assertEquals(List.of("install a1"), installer.calls);
            assertEquals(List.of(UPDATE_STATE_ROLLED_BACK), bench.fleet.states("a1"), "said again on the new line");
        }
    }

    @Test
    void aNewAssignmentOfTheSameReleaseIsTried() {
        RecordingInstaller installer = new RecordingInstaller();
        try (Bench bench = new Bench(directory, installer)) {
            bench.assign("a1", FILE);
            bench.connected().run(5);
            installer.settle("a1", new UpdateOutcome.Failed("no"));
            bench.assign("a2", FILE);
            bench.run(1);
            bench.client.checkNow();
            bench.run(5);
            assertEquals(List.of("install a1", "installStored a2"), installer.calls);
        }
    }

    @Test
    void takesUpAReleaseThatTheInstallerAcceptedBeforeThePowerWentOff() {
        RecordingInstaller installer = new RecordingInstaller();
        Assignment assignment = FILE.assigned("a1", "com.acme.climate", 2);
        installer.reports.put(
                "com.acme.climate",
                new dev.bulkhead.agent.lifecycle.UpdateReport(
                        "a1", assignment.release(), new UpdateOutcome.OnProbation(5)));
        try (Bench bench = new Bench(directory, installer)) {
            bench.assign("a1", FILE);
            bench.connected().run(5);
            assertEquals(List.of(), installer.calls);
            assertEquals(UPDATE_STATE_PROBATION, bench.fleet.last("a1").getState());
        }
    }

    @Test
    void asksAgainForABlockThatDoesNotMatchTheSignedRoot() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            Set<Integer> bent = new HashSet<>();
            bench.fleet.bend = block -> block.getIndex() == 5 && bent.add(5) ? flipped(block) : block;
            bench.connected().run(5);
            assertTrue(bench.installer.holds(FILE.sha256()));
            assertEquals(2, bench.fleet.sent.get(5));
            assertTrue(bench.attacks.getFirst().startsWith("block-hash: block 5 "));
        }
    }

    @Test
    void refusesAFileWhoseBlocksStayWrong() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.fleet.bend = block -> block.getIndex() == 5 ? flipped(block) : block;
            bench.connected().run(5);
            assertEquals(UPDATE_STATE_REFUSED, bench.fleet.last("a1").getState());
            assertEquals("block-hash", bench.fleet.last("a1").getReason());
            assertEquals(Bench.LIMITS.badBlocks() + 1, bench.fleet.sent.get(5));
            assertEquals(List.of(), bench.installer.calls);
            assertEquals(List.of(), parts());
        }
    }

    @Test
    void tellsTheFleetWhichAttacksWereSeen() {
        try (Bench bench = new Bench(directory)) {
            bench.verdict =
                    new TrustGate.Verdict.Refused("rollback", "director timestamp.json has version 3, 5 is trusted");
            bench.connected().run(1);
            var attack = bench.fleet.manifests.getLast().getAttacks(0);
            assertEquals("rollback", attack.getKind());
            assertEquals("director timestamp.json has version 3, 5 is trusted", attack.getDetail());
            assertEquals(1, bench.attacks.size());
        }
    }

    @Test
    void tellsTheFleetThatItsOrdersWereNotBelievedAndWhenTheyAreAgain() {
        try (Bench bench = new Bench(directory)) {
            bench.connected().run(1);
            assertFalse(bench.fleet.manifests.getLast().hasRefused());
            bench.verdict = new TrustGate.Verdict.Refused("freeze", "director timestamp.json: expired");
            bench.client.checkNow();
            bench.run(1);
            var refused = bench.fleet.manifests.getLast().getRefused();
            assertEquals("freeze", refused.getKind());
            assertEquals("director timestamp.json: expired", refused.getDetail());
            bench.verdict = new TrustGate.Verdict.Accepted(List.of());
            bench.client.checkNow();
            bench.run(1);
            assertFalse(bench.fleet.manifests.getLast().hasRefused());
        }
    }

    @Test
    void refusesABundleThatAnswersNobodysHello() {
        try (Bench bench = new Bench(directory)) {
            bench.connected().run(1);
            bench.fleet.bundle(ByteString.copyFromUtf8("replayed from 2024"));
            bench.run(1);
            assertTrue(bench.attacks.getFirst().startsWith("replay: "));
        }
    }

    @Test
    void refusesDuplicatesWithoutEnd() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.fleet.bend = block -> block.getIndex() == 7 ? FILE.block(0) : block;
            bench.connected().run(1);
            for (int i = 0; i < 200; i++) {
                bench.fleet.send(FILE.block(0));
            }
            bench.run(1);
            assertEquals(UPDATE_STATE_REFUSED, bench.fleet.last("a1").getState());
            assertEquals("endless-data", bench.fleet.last("a1").getReason());
        }
    }

    @Test
    void countsABlockBeyondTheFileAsSurplus() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.fleet.bend = block ->
                    block.getIndex() == 7 ? block.toBuilder().setIndex(-1).build() : block;
            bench.connected().run(30);
            assertFalse(bench.installer.holds(FILE.sha256()));
            bench.fleet.bend = block -> block;
            bench.run(60);
            assertTrue(bench.installer.holds(FILE.sha256()), "an honest server heals it");
        }
    }

    @Test
    void refusesBlocksOfAForeignFile() {
        try (Bench bench = new Bench(directory)) {
            bench.connected().run(1);
            bench.fleet.send(FILE.block(0));
            bench.run(1);
            assertTrue(bench.attacks.getFirst().startsWith("foreign-block: block 0 of file " + FILE.sha256()));
        }
    }

    @Test
    void aFloodOfLiesIsToldAsANumber() {
        try (Bench bench = new Bench(directory)) {
            bench.connected().run(1);
            for (int i = 0; i < 500; i++) {
                bench.line.send(
                        Dn.COMMAND, new byte[] {(byte) 0xff, (byte) i, (byte) (i >> 8), 1, 2, 3, 4, 5, 6, 7, 8, 9});
                bench.fleet.send(FILE.block(i % 40));
            }
            bench.run(120);
            assertEquals(Alarm.MOST_A_MINUTE + 1, bench.attacks.size());
            assertTrue(bench.attacks.getLast().startsWith("flood: "), bench.attacks.getLast());
        }
    }

    @Test
    void refusesABlockWithAWrongIndexAlthoughItsBytesAreSigned() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.fleet.bend = block -> block.getIndex() == 3
                    ? FILE.block(4).toBuilder().setIndex(3).build()
                    : block;
            bench.connected().run(5);
            assertEquals("block-hash", bench.fleet.last("a1").getReason());
        }
    }

    @Test
    void refusesATruncatedBlock() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.fleet.bend = block ->
                    block.toBuilder().setData(block.getData().substring(1)).build();
            bench.connected().run(5);
            assertTrue(bench.fleet.last("a1").getDetail().contains("1023 bytes instead of 1024"));
        }
    }

    @Test
    void survivesMalformedPayloadsOnEveryTopic() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.connected();
            for (Dn dn : List.of(Dn.WAKE, Dn.DIRECTOR, Dn.BLOCK, Dn.COMMAND)) {
                bench.line.send(dn, new byte[] {(byte) 0xff, 1, 2, 3});
            }
            bench.run(5);
            assertEquals(
                    4,
                    bench.attacks.stream()
                            .filter(word -> word.startsWith("malformed: a message of 4 bytes on dn/"))
                            .count());
            assertTrue(bench.installer.holds(FILE.sha256()), "and the work goes on");
        }
    }

    @Test
    void refusesWhatTheInstallerFindsFalse() {
        try (Bench bench = new Bench(directory)) {
            bench.installer.answer = Optional.of(
                    new InstallReceipt.Refused("downgrade", "release 2 is below release 3, which is installed"));
            bench.assign("a1", FILE);
            bench.connected().run(5);
            assertEquals(UPDATE_STATE_REFUSED, bench.fleet.last("a1").getState());
            assertEquals("downgrade", bench.fleet.last("a1").getReason());
            assertTrue(bench.attacks.getFirst().startsWith("downgrade: release 2"));
            assertEquals(List.of(), parts());
        }
    }

    @Test
    void aPolicyRefusalIsNoAttack() {
        try (Bench bench = new Bench(directory)) {
            bench.installer.answer = Optional.of(new InstallReceipt.Refused("policy", "vendor acme is not known here"));
            bench.assign("a1", FILE);
            bench.connected().run(5);
            assertEquals("policy", bench.fleet.last("a1").getReason());
            assertEquals(List.of(), bench.attacks);
        }
    }

    @Test
    void goesOnAfterASilentServerAnswersAgain() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.fleet.answersBlocks = false;
            bench.connected().run(70);
            bench.fleet.answersBlocks = true;
            bench.run(60);
            assertTrue(bench.installer.holds(FILE.sha256()));
        }
    }

    @Test
    void keepsWhatItHasWhenTheServerStaysSilent() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.connected().runMillis(60);
            bench.fleet.answersBlocks = false;
            bench.run(121);
            assertEquals("silence", bench.fleet.last("a1").getReason());
            assertEquals(UPDATE_STATE_DOWNLOADING, bench.fleet.last("a1").getState());
            assertEquals(1, parts().size());
        }
    }

    @Test
    void failsWhenTheFleetRefusesTheFile() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.fleet.refusal = Optional.of("unknown-file");
            bench.connected().run(5);
            assertEquals(UPDATE_STATE_FAILED, bench.fleet.last("a1").getState());
            assertTrue(bench.fleet.last("a1").getDetail().contains("unknown-file"));
        }
    }

    @Test
    void refusesAPackageLongerThanTheLimit() {
        try (Bench bench = new Bench(directory)) {
            Assignment honest = FILE.assigned("a1", "com.acme.climate", 2);
            bench.verdict = new TrustGate.Verdict.Accepted(List.of(new Assignment(
                    "a1", honest.release(), Bench.LIMITS.fileBytes() + 1, honest.blockSize(), honest.blocksRoot())));
            bench.connected().run(5);
            assertEquals("size", bench.fleet.last("a1").getReason());
        }
    }

    @Test
    void dropsADownloadThatIsNoLongerAssigned() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.connected().runMillis(60);
            bench.fleet.answersBlocks = false;
            bench.run(1);
            SampleFile newer = new SampleFile(5000, 2);
            bench.assign("a2", newer);
            bench.line.send(Dn.WAKE, Wake.getDefaultInstance().toByteArray());
            bench.runMillis(500);
            bench.fleet.answersBlocks = true;
            bench.run(60);
            assertEquals(List.of("install a2"), bench.installer.calls);
            assertEquals(List.of(), parts());
        }
    }

    @Test
    void anOrderThatComesInBetweenDoesNotDisturbTheOneBeingPulled() {
        try (Bench bench = new Bench(directory)) {
            Assignment running = bench.assign("b1", FILE);
            bench.connected().runMillis(60);
            SampleFile other = new SampleFile(5000, 2);
            bench.fleet.hold(other);
            Assignment before = other.assigned("a1", "com.acme.advisor", 1);
            bench.verdict = new TrustGate.Verdict.Accepted(List.of(before, running));
            bench.client.checkNow();
            bench.run(5);
            assertEquals(List.of("install b1", "install a1"), bench.installer.calls);
        }
    }

    @Test
    void asksAgainWhenTheHelloIsNotAnswered() {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.fleet.answersHello = false;
            bench.connected().run(200);
            int hellos = bench.fleet.hellos.size();
            assertTrue(hellos >= 4 && hellos <= 10, hellos + " hellos in 200 s");
            bench.fleet.answersHello = true;
            bench.run(300);
            assertTrue(bench.installer.holds(FILE.sha256()));
        }
    }

    @Test
    void wakesAndChecksAreNotMultiplied() {
        try (Bench bench = new Bench(directory)) {
            bench.connected();
            for (int i = 0; i < 50; i++) {
                bench.line.send(
                        Dn.WAKE, Wake.newBuilder().setReason("again").build().toByteArray());
            }
            bench.run(1);
            assertEquals(2, bench.fleet.hellos.size(), "one on connecting, one for all the wakes");
        }
    }

    @Test
    void endlessWakesCostFourHellosASecond() {
        try (Bench bench = new Bench(directory)) {
            bench.connected();
            for (int i = 0; i < 1000; i++) {
                bench.line.send(Dn.WAKE, Wake.getDefaultInstance().toByteArray());
                bench.runMillis(10);
            }
            int hellos = bench.fleet.hellos.size();
            assertTrue(hellos >= 35 && hellos <= 42, hellos + " hellos in 10 s");
        }
    }

    @Test
    void onlyAChangedImageTimestampIsNews() {
        try (Bench bench = new Bench(directory)) {
            bench.connected();
            bench.line.send(Dn.IMAGE_TIMESTAMP, new byte[] {1});
            bench.run(1);
            bench.line.send(Dn.IMAGE_TIMESTAMP, new byte[] {1});
            bench.run(1);
            assertEquals(1, bench.fleet.hellos.size());
            bench.line.send(Dn.IMAGE_TIMESTAMP, new byte[] {2});
            bench.run(1);
            assertEquals(2, bench.fleet.hellos.size());
        }
    }

    @Test
    void startsOverOnceWhenTheDiskForgot() throws IOException {
        try (Bench bench = new Bench(directory)) {
            bench.assign("a1", FILE);
            bench.connected().runMillis(60);
            Path part = parts().getFirst();
            byte[] damaged = Files.readAllBytes(part);
            damaged[3] ^= 1;
            Files.write(part, damaged);
            bench.run(5);
            assertArrayEquals(FILE.bytes, bench.installer.stored.get(FILE.sha256()));
            assertEquals(List.of(), bench.attacks);
        }
    }

    private List<Path> parts() {
        try (var files = Files.list(directory.resolve("downloads"))) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Block flipped(Block block) {
        byte[] data = block.getData().toByteArray();
        data[0] ^= 1;
        return block.toBuilder().setData(ByteString.copyFrom(data)).build();
    }

    private static ReleaseRef ref(long release) {
        return new ReleaseRef("com.acme.climate", release + ".0.0", release, "ab".repeat(32));
    }
}
