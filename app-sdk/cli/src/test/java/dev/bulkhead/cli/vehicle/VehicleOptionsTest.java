package dev.bulkhead.cli.vehicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.main.SystemClock;
import dev.bulkhead.agent.main.SystemScheduler;
import dev.bulkhead.cli.Terminal;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.driver.DriverRack;
import dev.bulkhead.hal.driver.databroker.BrokerPeer;
import dev.bulkhead.hal.driver.databroker.PeerTls;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the options about buses and neighbours make, as typed. */
class VehicleOptionsTest {
    private static final String VSS = """
            {"Vehicle": {"type": "branch", "description": "v", "children": {
              "Fan": {"type": "actuator", "datatype": "uint8", "description": "f",
                      "vss2dbc": {"message": "FanCommand", "signal": "Percent"}}}}}
            """;
    private static final String DBC = """
            VERSION ""
            BU_: GTW ACU
            BO_ 1424 FanCommand: 4 GTW
             SG_ Percent : 0|8@1+ (1,0) [0|100] "%" ACU
             SG_ Counter : 8|4@1+ (1,0) [0|15] "" ACU
             SG_ Check : 16|8@1+ (1,0) [0|255] "" ACU
            """;

    @TempDir
    Path folder;

    private Path vss;
    private Path dbc;

    @BeforeEach
    void write() throws IOException {
        vss = Files.writeString(folder.resolve("fan.json"), VSS);
        dbc = Files.writeString(folder.resolve("fan.dbc"), DBC);
    }

    private BusOptions buses(String... more) {
        List<String> words = new ArrayList<>(List.of("--vss", vss.toString(), "--dbc", dbc.toString()));
        words.addAll(List.of(more));
        return CommandLine.populateCommand(new BusOptions(), words.toArray(String[]::new));
    }

    private static PeerOptions peer(String... words) {
        return CommandLine.populateCommand(new PeerOptions(), words);
    }

    private static String refusal(Executable typed) {
        return String.valueOf(assertThrows(CommandFailure.class, typed).getMessage());
    }

    @Test
    void aVehicleIdOfAnotherFormIsAMatterOfUsage() {
        String err = Terminal.type("agent", "--vehicle", "bad id!", "--no-fleet", "--home", folder.toString())
                .expect(2)
                .err();
        assertTrue(err.contains("bad id!") && err.contains("wants letters, digits"), err);
    }

    @Test
    void finishFillsCounterAndChecksumOfTheFramesThatCommandsBecome() {
        List<String> sent =
                sentFor(buses("--finish", "FanCommand.Check=xor", "--finish", "FanCommand.Counter=counter"));
        assertEquals(List.of("0a000a00", "14011500", "1e021c00"), sent);
    }

    @Test
    void withoutFinishThoseSignalsStayZero() {
        assertEquals(List.of("0a000000", "14000000", "1e000000"), sentFor(buses()));
    }

    /** The data of the frames that commands of 10, 20 and 30 percent become. */
    private static List<String> sentFor(BusOptions options) {
        SystemClock clock = new SystemClock();
        List<String> sent = new ArrayList<>();
        try (SystemScheduler scheduler = new SystemScheduler(clock)) {
            SignalStore signals = new SignalStore(options.tree(), clock, scheduler, 10);
            ActuatorBoard board = new ActuatorBoard(signals, clock, scheduler, (ActuationRecord event) -> {});
            VirtualCanBus bus = new VirtualCanBus("can0", false, clock);
            CanPort listening = bus.open(List.of(CanFilter.ANY_DATA), 16, () -> {});
            try (DriverRack rack = new DriverRack(clock, scheduler, signals, board)) {
                rack.start(new Wire(bus));
                options.drivers(Optional.empty(), Path.of(".")).forEach(rack::start);
                ActuatorClaim claim = board.claim(
                        signals.tree().find("Vehicle.Fan").orElseThrow(),
                        new ActuatorOwner("com.acme.fan", 1),
                        SignalActuate.unlimited(new SignalGlob("Vehicle.Fan")),
                        (lost, cause) -> {});
                assertTrue(claim.acquire(0, 60_000_000_000L).done());
                for (long percent = 10; percent <= 30; percent += 10) {
                    assertTrue(claim.set(new SignalValue.Scalar(Datatype.UINT8, percent))
                            .done());
                }
                listening.receive(16, (frame, time) -> sent.add(HexFormat.of().formatHex(frame.data())));
            }
        }
        return sent;
    }

    private record Wire(VirtualCanBus bus) implements Driver {
        @Override
        public String name() {
            return "wire";
        }

        @Override
        public void start(DriverContext context) {
            context.attach(bus);
        }

        @Override
        public void close() {}
    }

    @Test
    void aFinishThatCannotBeIsRefusedWithWhatIsWrongInIt() {
        for (List<String> wrong : List.of(
                List.of("FanCommand=counter", "is not MESSAGE.SIGNAL=HOW"),
                List.of(".Counter=counter", "is not MESSAGE.SIGNAL=HOW"),
                List.of("FanCommand.Counter=md5", "'md5' fills no signal"),
                List.of("Brake.Counter=counter", "no message Brake"),
                List.of("FanCommand.Alive=counter", "has no signal Alive"))) {
            BusOptions options = buses("--finish", wrong.get(0));
            String refusal = refusal(() -> options.drivers(Optional.empty(), folder));
            assertTrue(refusal.contains(wrong.get(1)), refusal);
        }
    }

    @Test
    void aPeerByTlsHasItsAuthoritiesIdentityAndName() {
        BrokerPeer typed = peer(
                        "--peer",
                        "broker.local:55556",
                        "--peer-ca",
                        "ca.pem",
                        "--peer-cert",
                        "us.pem",
                        "--peer-key",
                        "us.key",
                        "--peer-name",
                        "databroker",
                        "--peer-take",
                        "Vehicle.Speed")
                .peers()
                .getFirst();
        assertEquals(55_556, typed.port());
        assertEquals(
                Optional.of(new PeerTls(
                        Path.of("ca.pem"),
                        Optional.of(new PeerTls.Identity(Path.of("us.pem"), Path.of("us.key"))),
                        Optional.of("databroker"))),
                typed.tls());
        assertEquals(1, typed.take().size());
    }

    @Test
    void withoutAuthoritiesAPeerIsReachedInTheClearAtTheUsualPort() {
        BrokerPeer typed = peer("--peer", "127.0.0.1", "--peer-take", "Vehicle.Speed")
                .peers()
                .getFirst();
        assertEquals(55_555, typed.port());
        assertEquals(Optional.empty(), typed.tls());
        assertEquals(List.of(), peer().peers());
    }

    @Test
    void halfAPeerIsRefusedWithTheOptionThatIsMissing() {
        String address = "127.0.0.1:55555";
        assertTrue(refusal(() -> peer("--peer-ca", "ca.pem").peers()).contains("without --peer"));
        assertTrue(refusal(() -> peer("--peer", address, "--peer-ca", "ca.pem", "--peer-cert", "us.pem")
                        .peers())
                .contains("go together"));
        assertTrue(refusal(() ->
                        peer("--peer", address, "--peer-name", "databroker").peers())
                .contains("for TLS"));
        assertTrue(refusal(() -> peer("--peer", "127.0.0.1:none").peers()).contains("127.0.0.1:none"));
        assertTrue(refusal(() -> peer(
                                "--peer",
                                address,
                                "--peer-token",
                                folder.resolve("gone").toString())
                        .peers())
                .contains("cannot be read"));
    }
}
