package dev.bulkhead.hal.can.dbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulkhead.hal.signal.DefaultVehicle;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DbcParserTest {
    private static DbcDatabase parse(String text) {
        return DbcDatabase.parse("t.dbc", text.getBytes(StandardCharsets.UTF_8));
    }

    private static DbcMessage only(String text) {
        return parse(text).messages().getFirst();
    }

    static List<Path> sharedFiles() throws IOException {
        Path folder = Path.of(System.getProperty("bulkhead.shared", "../../shared/data"))
                .resolve("dbc");
        assumeTrue(Files.isDirectory(folder), "no shared data");
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void loadsEveryMessageAndSignalOfRealFiles() throws IOException {
        for (Path file : sharedFiles()) {
            String text = Files.readString(file, Charset.forName("windows-1252"));
            DbcDatabase database = DbcDatabase.read(file);
            assertEquals(count(text, "^\\s*BO_ +\\d+"), database.messages().size(), file.toString());
            assertEquals(
                    count(text, "^\\s*SG_ +\\S+.*\\|"),
                    database.messages().stream()
                            .mapToInt(m -> m.signals().size())
                            .sum(),
                    () -> file + " " + database.warnings());
        }
    }

    private static int count(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
        int found = 0;
        while (matcher.find()) {
            found++;
        }
        return found;
    }

    @Test
    void loadsTheDefaultVehicleWithoutAWarning() {
        DbcDatabase database = DbcDatabase.parse("default", DefaultVehicle.dbc());
        assertEquals(List.of(), database.warnings());
        DbcMessage sign = database.message(0x2F0).orElseThrow();
        assertEquals("TrafficSign", sign.name());
        assertEquals(100, sign.cycleMillis().orElseThrow());
        assertEquals(0, sign.signal("SpeedLimit").orElseThrow().start());
        assertTrue(database.message(0x3F0).orElseThrow().cycleMillis().isEmpty());
    }

    @Test
    void readsAMessageWithEverything() {
        DbcMessage message = only("""
                BU_: A B
                BO_ 2566844693 Full: 8 A
                 SG_ Mode M : 7|4@0+ (1,0) [0|15] "" B
                 SG_ Temp m3 : 8|12@1- (0.1,-40) [-40|369.5] "degC" A,B
                CM_ BO_ 2566844693 "two
                lines";
                CM_ SG_ 2566844693 Temp "warm";
                BA_DEF_DEF_ "GenMsgCycleTime" 100;
                BA_ "GenMsgCycleTime" BO_ 2566844693 20;
                VAL_ 2566844693 Mode 0 "off" 1 "on" ;
                """);
        assertTrue(message.extended());
        assertEquals(0x18FEF115, message.id());
        assertEquals("two\nlines", message.comment());
        assertEquals(20, message.cycleMillis().orElseThrow());
        DbcSignal temp = message.signal("Temp").orElseThrow();
        assertEquals("Mode", temp.multiplexedBy().orElseThrow());
        assertEquals(List.of(new DbcSignal.Span(3, 3)), temp.multiplexValues());
        assertEquals(List.of("A", "B"), temp.receivers());
        assertEquals("warm", temp.comment());
        assertEquals("on", message.signal("Mode").orElseThrow().values().get(1L));
    }

    @Test
    void givesLongNamesBackTheirTails() {
        DbcMessage message = only("""
                BO_ 1 Cut: 8 X
                 SG_ Mux M : 0|8@1+ (1,0) [0|0] "" X
                 SG_ Sig m1 : 8|8@1+ (1,0) [0|0] "" X
                VAL_ 1 Sig 1 "one" ;
                BA_ "SystemMessageLongSymbol" BO_ 1 "CutNoMore";
                BA_ "SystemSignalLongSymbol" SG_ 1 Mux "MuxNoMore";
                BA_ "SystemSignalLongSymbol" SG_ 1 Sig "SigNoMore";
                """);
        assertEquals("CutNoMore", message.name());
        DbcSignal signal = message.signal("SigNoMore").orElseThrow();
        assertEquals("MuxNoMore", signal.multiplexedBy().orElseThrow());
        assertEquals("one", signal.values().get(1L));
    }

    @Test
    void takesTheDefaultCycleTimeWhereNoneIsGiven() {
        assertEquals(
                50,
                only("BO_ 1 A: 8 X\nBA_DEF_DEF_ \"GenMsgCycleTime\" 50;\n")
                        .cycleMillis()
                        .orElseThrow());
    }

    @Test
    void readsExtendedMultiplexingWithAMultiplexerThatComesLater() {
        DbcMessage message = only("""
                BO_ 1 A: 8 X
                 SG_ Deep m1 : 16|8@1+ (1,0) [0|0] "" X
                 SG_ Inner m2M : 8|8@1+ (1,0) [0|0] "" X
                 SG_ Outer M : 0|8@1+ (1,0) [0|0] "" X
                SG_MUL_VAL_ 1 Deep Inner 3-3, 5-10;
                SG_MUL_VAL_ 1 Inner Outer 2-2;
                """);
        DbcSignal deep = message.signal("Deep").orElseThrow();
        assertEquals("Inner", deep.multiplexedBy().orElseThrow());
        assertEquals(List.of(new DbcSignal.Span(3, 3), new DbcSignal.Span(5, 10)), deep.multiplexValues());
        assertTrue(message.signal("Inner").orElseThrow().multiplexer());
        assertTrue(deep.min().isEmpty());
    }

    @Test
    void readsFloatingPointSignals() {
        DbcMessage message = only("BO_ 1 A: 8 X\n SG_ F : 0|32@1- (1,0) [0|0] \"\" X\nSIG_VALTYPE_ 1 F : 1;\n");
        assertEquals(DbcSignal.Form.FLOAT, message.signals().getFirst().form());
    }

    @Test
    void keepsSignalsWithoutAMessageApart() {
        DbcDatabase database =
                parse("BO_ 3221225472 VECTOR__INDEPENDENT_SIG_MSG: 0 X\n SG_ Lost : 0|8@1+ (1,0) [0|0] \"\" X\n");
        assertTrue(database.messages().getFirst().independent());
        assertTrue(database.message(0).isEmpty());
        assertEquals(List.of(), database.warnings());
    }

    @Test
    void toleratesTheQuirksOfRealFilesAndNamesTheirLines() {
        DbcDatabase database = parse("""
                BO_ 4096 Wide: 8 X
                 SG_ 5_SEC : 0|8@1+ (.25,0) [0|0] "" X
                 SG_ Bare m : 8|8@1+ (1,0) [0|0] "" X
                """);
        assertTrue(database.messages().getFirst().extended());
        assertEquals(0.25, database.messages().getFirst().signals().getFirst().factor());
        assertEquals(2, database.warnings().size());
        assertTrue(database.warnings().get(0).startsWith("line 1: id 4096"));
        assertTrue(database.warnings().get(1).startsWith("line 3: signal Bare is marked 'm'"));
    }

    @Test
    void skipsABrokenStatementAndNamesItsLine() {
        DbcDatabase database = parse("""
                BO_ 1 A: 8 X
                 SG_ Good : 0|8@1+ (1,0) [0|0] "" X
                 SG_ Bad : 0|8@7+ (1,0) [0|0] "" X
                 SG_ Later : 8|8@1+ (1,0) [0|0] "" X
                VAL_ 1 Nobody 0 "x";
                BO_ 2 B: 8 X
                """);
        assertEquals(2, database.messages().size());
        assertEquals(2, database.messages().getFirst().signals().size());
        assertEquals(
                "line 3: byte order and sign of Bad are '7+', not 0+, 0-, 1+ or 1-; statement skipped",
                database.warnings().get(0));
        assertEquals(
                "line 5: message A has no signal Nobody", database.warnings().get(1));
    }

    @Test
    void readsCodePage1252() {
        byte[] bytes = "BO_ 1 A: 8 X\n SG_ T : 0|8@1+ (1,0) [0|0] \"°C\" X\n".getBytes(Charset.forName("windows-1252"));
        assertEquals(
                "°C",
                DbcDatabase.parse("t", bytes)
                        .messages()
                        .getFirst()
                        .signals()
                        .getFirst()
                        .unit());
    }

    @Test
    void refusesWhatIsNoDbc() {
        DbcException refusal = assertThrows(DbcException.class, () -> parse("\u0000\u0001garbage\n{}"));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("t.dbc holds no CAN message"));
    }

    @Test
    void tellsWhereATextBeginsThatDoesNotEnd() {
        DbcDatabase database = parse("BO_ 1 A: 8 X\nCM_ BO_ 1 \"never\nends\n");
        assertTrue(database.warnings().stream().anyMatch(w -> w.startsWith("line 2: a quoted text begins")));
    }

    @Test
    void breaksMultiplexersThatDependOnEachOther() {
        DbcDatabase database = parse("""
                BO_ 1 A: 8 X
                 SG_ P m0M : 0|8@1+ (1,0) [0|0] "" X
                 SG_ Q m0M : 8|8@1+ (1,0) [0|0] "" X
                SG_MUL_VAL_ 1 P Q 0-0;
                SG_MUL_VAL_ 1 Q P 0-0;
                """);
        assertTrue(database.messages()
                .getFirst()
                .signals()
                .getFirst()
                .multiplexedBy()
                .isEmpty());
        assertFalse(database.warnings().isEmpty());
    }

    @Test
    void survivesRandomDamage() {
        byte[] good = DefaultVehicle.dbc();
        Random random = new Random(42);
        for (int round = 0; round < 300; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i < 1 + random.nextInt(40); i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                DbcDatabase database = DbcDatabase.parse("damaged", bad);
                database.messages().forEach(message -> assertTrue(message.length() <= 64));
            } catch (DbcException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("no CAN message"));
            }
        }
    }
}
