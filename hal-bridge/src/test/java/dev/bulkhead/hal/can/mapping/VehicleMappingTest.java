package dev.bulkhead.hal.can.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.can.dbc.FrameBuilder;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.signal.VssDocument;
import dev.bulkhead.hal.time.ManualTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VehicleMappingTest {
    private static final FrameBuilder.Finisher PLAIN = (message, codec, data) -> {};

    private final ManualTime time = new ManualTime();
    private final VssDocument document = DefaultVehicle.document();
    private final SignalTree tree = document.tree();
    private final BusCodec codec = new BusCodec(DbcDatabase.parse("default", DefaultVehicle.dbc()));
    private final SignalStore store = new SignalStore(tree, time, time, 100);

    private VehicleMapping mapping(String signal, String mapping) {
        String json = "{'V':{'type':'branch','children':{'S':" + signal.replace("}", "," + mapping + "}") + "}}}";
        VssDocument read = VssDocument.parse("t", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        SignalTree leaves = read.tree();
        String dbc = "BO_ 1 M: 8 X\n SG_ D : 0|8@1+ (1,0) [0|0] \"\" X\nVAL_ 1 D 0 \"OFF\" 1 \"ON\" ;\n";
        return VehicleMapping.read(
                read, leaves, new BusCodec(DbcDatabase.parse("t", dbc.getBytes(StandardCharsets.UTF_8))));
    }

    private String refusal(String mapping) {
        return String.valueOf(
                assertThrows(MappingException.class, () -> mapping("{'type':'sensor','datatype':'uint8'}", mapping))
                        .getMessage());
    }

    @Test
    void theDefaultVehicleMapsWithoutAWarning() {
        VehicleMapping mapping = VehicleMapping.read(document, tree, codec);
        assertEquals(List.of(), mapping.warnings());
        assertTrue(mapping.fromBusCount() > 50, () -> mapping.fromBusCount() + "");
    }

    @Test
    void framesBecomeSignals() {
        FrameIntake intake = new FrameIntake(VehicleMapping.read(document, tree, codec), store);
        intake.accept(
                CanFrame.standard(
                        0x0A0, (byte) 0x88, (byte) 0x13, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0),
                5);
        assertEquals(50.0, store.cell("Vehicle.Speed").orElseThrow().asDouble(), 1e-9);
        assertEquals(5, store.cell("Vehicle.Speed").orElseThrow().timeNanos());
    }

    @Test
    void signalsBecomeFramesAndComeBackTheSame() {
        VehicleMapping mapping = VehicleMapping.read(document, tree, codec);
        FrameOutlet outlet = FrameOutlet.sender(mapping, PLAIN);
        SignalStore source = new SignalStore(tree, time, time, 100);
        source.publish(tree.find("Vehicle.Speed").orElseThrow().id(), 88.5, 0);
        source.publish(
                tree.find("Vehicle.Body.Windshield.Front.Wiping.Mode")
                        .orElseThrow()
                        .id(),
                SignalValue.of("FAST"),
                0);
        source.publish(
                tree.find("Vehicle.Cabin.Door.Row1.DriverSide.IsOpen")
                        .orElseThrow()
                        .id(),
                SignalValue.of(true),
                0);
        FrameIntake intake = new FrameIntake(mapping, store);
        for (int id : new int[] {0x0A0, 0x200}) {
            intake.accept(outlet.frame(id, leaf -> source.cell(leaf.id()).value()), 1);
        }
        assertEquals(88.5, store.cell("Vehicle.Speed").orElseThrow().asDouble(), 1e-9);
        assertEquals(
                "FAST",
                store.cell("Vehicle.Body.Windshield.Front.Wiping.Mode")
                        .orElseThrow()
                        .value()
                        .orElseThrow()
                        .toString());
        assertEquals(
                1,
                store.cell("Vehicle.Cabin.Door.Row1.DriverSide.IsOpen")
                        .orElseThrow()
                        .asLong());
    }

    @Test
    void commandsBecomeFrames() {
        FrameOutlet outlet = FrameOutlet.commands(VehicleMapping.read(document, tree, codec), PLAIN);
        SignalLeaf fan =
                tree.find("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed").orElseThrow();
        assertTrue(outlet.carries(fan));
        List<CanFrame> frames = outlet.frames(fan, new SignalValue.Scalar(fan.type(), 40));
        assertEquals(
                List.of("1A8#0028000000000000"),
                frames.stream().map(CanFrame::toString).toList());
    }

    @Test
    void tellsWhichFramesWouldGoRoundAnActuationContract() {
        VehicleMapping mapping = VehicleMapping.read(document, tree, codec);
        assertTrue(mapping.carriesActuator(0x1A8, false), "climate command");
        assertTrue(mapping.carriesActuator(0x0D0, false), "brake by wire");
        assertFalse(mapping.carriesActuator(0x0A0, false), "vehicle motion");
        assertFalse(mapping.carriesActuator(0x1A8, true));
        assertFalse(mapping.carriesActuator(0x3F0, false), "advice to the driver");
    }

    @Test
    void readsTheKuksaExample() {
        Path shared = Path.of(System.getProperty("bulkhead.shared", "../../shared/data"));
        assumeTrue(Files.isDirectory(shared), "no shared data");
        VssDocument kuksa = VssDocument.read(shared.resolve("vss/vss_4.2_with_dbc_mapping.json"));
        BusCodec model3 = new BusCodec(DbcDatabase.read(shared.resolve("dbc/Model3CAN.dbc")));
        VehicleMapping mapping = VehicleMapping.read(kuksa, kuksa.tree(), model3);
        assertEquals(35, mapping.fromBusCount());
        assertEquals(3, mapping.toBusCount());
    }

    private SignalStore feed(VehicleMapping mapping, String type, int... raws) {
        VssDocument read = VssDocument.parse(
                "t",
                "{\"V\":{\"type\":\"branch\",\"children\":{\"S\":{\"type\":\"sensor\",\"datatype\":\"%s\"}}}}"
                        .formatted(type)
                        .getBytes(StandardCharsets.UTF_8));
        SignalStore target = new SignalStore(read.tree(), time, time, 10);
        FrameIntake intake = new FrameIntake(mapping, target);
        for (int raw : raws) {
            intake.accept(CanFrame.standard(1, (byte) raw), time.nanos());
            time.advanceMillis(10);
        }
        return target;
    }

    @Test
    void textsOfTheValueTableAreMapped() {
        VehicleMapping mapping = mapping(
                "{'type':'sensor','datatype':'boolean'}",
                "'dbc':{'signal':'D','on_change':true,'transform':{'mapping':[{'from':'ON','to':true},{'from':0,'to':false}]}}");
        assertEquals(1, feed(mapping, "boolean", 1).cell(0).asLong());
        assertEquals(
                "false",
                feed(mapping, "boolean", 1, 0).cell(0).value().orElseThrow().toString());
        assertEquals(
                "true",
                feed(mapping, "boolean", 1, 7).cell(0).value().orElseThrow().toString(),
                "unmapped is ignored");
    }

    @Test
    void aTextLeafTakesTheTextOfTheTable() {
        VehicleMapping mapping =
                mapping("{'type':'sensor','datatype':'string'}", "'dbc2vss':{'signal':'D','interval_ms':0}");
        assertEquals(
                "ON", feed(mapping, "string", 1).cell(0).value().orElseThrow().toString());
    }

    @Test
    void theIntervalThinsOut() {
        VehicleMapping mapping =
                mapping("{'type':'sensor','datatype':'uint8'}", "'dbc2vss':{'signal':'D','interval_ms':25}");
        assertEquals(4, feed(mapping, "uint8", 1, 2, 3, 4, 5).cell(0).asLong());
    }

    @Test
    void whatDoesNotFitTheLeafIsCountedNotPublished() {
        VehicleMapping mapping = mapping(
                "{'type':'sensor','datatype':'uint8'}",
                "'dbc2vss':{'signal':'D','interval_ms':0,'transform':{'math':'x*2'}}");
        assertEquals(200, feed(mapping, "uint8", 100, 200).cell(0).asLong());
    }

    @Test
    void malformedMappingsNameThePath() {
        assertTrue(refusal("'dbc2vss':{}").startsWith("mapping of V.S: 'signal'"));
        assertTrue(refusal("'dbc2vss':{'signal':'D','transform':{}}").contains("either 'math' or 'mapping'"));
        assertTrue(refusal("'dbc2vss':{'signal':'D','transform':{'math':'x','mapping':[]}}")
                .contains("either"));
        assertTrue(refusal("'dbc2vss':{'signal':'D','transform':{'math':'x+'}}").contains("column 3"));
        assertTrue(refusal("'dbc2vss':{'signal':'D','interval_ms':-1}").contains("interval_ms"));
    }

    @Test
    void aSignalTheBusDoesNotKnowIsAWarning() {
        assertEquals(
                List.of("V.S: the DBC has no signal Nobody; not mapped"),
                mapping("{'type':'sensor','datatype':'uint8'}", "'dbc2vss':{'signal':'Nobody'}")
                        .warnings());
    }

    @ParameterizedTest
    @CsvSource({
        "floor((x*40)-100), 3, 20",
        "(x+100)/40, 20, 3",
        "floor(abs(x/5)), -12, 2",
        "-x^2, 3, -9",
        "2^3^2, 0, 512",
        "'max(x, 2) + min(1,x)', 5, 6",
        "1e2 % 7, 0, 2",
        "--x, 4, 4",
        ".5*x, 4, 2"
    })
    void computesFormulas(String formula, double x, double result) {
        assertEquals(result, Formula.parse(formula).of(x), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"x+", "y", "(x", "x)", "1..2", "sin x", "''", "x x"})
    void refusesBrokenFormulas(String formula) {
        assertThrows(IllegalArgumentException.class, () -> Formula.parse(formula));
    }

    @Test
    void refusesFormulasWithoutEnd() {
        assertThrows(IllegalArgumentException.class, () -> Formula.parse("(".repeat(400) + "x" + ")".repeat(100)));
        assertThrows(IllegalArgumentException.class, () -> Formula.parse("x^".repeat(200) + "x"));
    }
}
