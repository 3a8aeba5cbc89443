package dev.bulkhead.hal.can.dbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.hal.OtherProgram;
import dev.bulkhead.hal.signal.DefaultVehicle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's python3-canmatrix decodes the same frames to the same values. */
@Timeout(600)
class IndependentDecoderTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final int FRAMES_A_MESSAGE = 12;
    private static final int LONGEST_EXACT = 52;

    @TempDir
    private Path folder;

    private final ObjectMapper json = new ObjectMapper();
    private final Random random = new Random(5);
    private int compared;
    private int skipped;

    private static void needCanmatrix() throws InterruptedException {
        OtherProgram.need(
                OtherProgram.run(PYTHON, "-c", "import canmatrix.formats").status() == 0, "no python3-canmatrix");
    }

    @Test
    void theDefaultVehicleDecodesTheSame() throws Exception {
        needCanmatrix();
        Path file = folder.resolve("default.dbc");
        Files.write(file, DefaultVehicle.dbc());
        compare(file);
        assertTrue(compared > 500 && skipped == 0, compared + " compared, " + skipped + " skipped");
    }

    @Test
    void realFilesDecodeTheSame() throws Exception {
        needCanmatrix();
        for (Path file : DbcParserTest.sharedFiles()) {
            int before = compared;
            compare(file);
            assertTrue(compared > before, file + ": nothing compared");
        }
        assertTrue(skipped * 20 < compared, compared + " compared, " + skipped + " skipped");
    }

    private record Frame(MessageCodec codec, String hex) {
        private byte[] data() {
            return HexFormat.of().parseHex(hex);
        }
    }

    private void compare(Path file) throws Exception {
        List<Frame> frames = frames(DbcDatabase.read(file));
        Path input = folder.resolve("frames");
        StringBuilder lines = new StringBuilder();
        for (Frame frame : frames) {
            lines.append(Integer.toUnsignedString(frame.codec().message().idWord()))
                    .append(' ')
                    .append(frame.hex())
                    .append('\n');
        }
        Files.writeString(input, lines);
        OtherProgram.Result result = OtherProgram.run(
                PYTHON, OtherProgram.resource("canmatrix-decode.py").toString(), file.toString(), input.toString());
        List<String> theirs =
                result.output().lines().filter(line -> line.startsWith("{")).toList();
        assertEquals(frames.size(), theirs.size(), result::output);
        for (int i = 0; i < frames.size(); i++) {
            compare(file, frames.get(i), json.readTree(theirs.get(i)));
        }
    }

    /** Messages whose number another one has too are left out: who of the two wins is not settled. */
    private List<Frame> frames(DbcDatabase database) {
        List<Frame> frames = new ArrayList<>();
        for (DbcMessage message : database.messages()) {
            boolean only = database.messages().stream()
                            .filter(other -> other.idWord() == message.idWord())
                            .count()
                    == 1;
            for (int i = 0; only && message.length() > 0 && i < FRAMES_A_MESSAGE; i++) {
                byte[] data = new byte[message.length()];
                random.nextBytes(data);
                frames.add(new Frame(new MessageCodec(message), HexFormat.of().formatHex(data)));
            }
        }
        return frames;
    }

    private void compare(Path file, Frame frame, JsonNode theirs) throws IOException {
        FrameValues ours = frame.codec().newValues();
        byte[] data = frame.data();
        frame.codec().decode(data, 0, data.length, ours);
        for (int i = 0; i < ours.count(); i++) {
            DbcSignal signal = frame.codec().message().signals().get(ours.index(i));
            JsonNode other = theirs.path(signal.name());
            if (other.isMissingNode() || signal.length() > LONGEST_EXACT) {
                skipped++;
                continue;
            }
            compared++;
            String what = file.getFileName() + " " + frame.codec().message().name() + "." + signal + " of "
                    + frame.hex() + ", theirs " + other;
            if (signal.form() == DbcSignal.Form.INTEGER) {
                assertEquals(other.get(0).asLong(), ours.raw(i), what);
            }
            double value = other.get(1).asDouble();
            assertEquals(value, ours.value(i), Math.max(1e-9, Math.abs(value) * 1e-9), what);
        }
    }
}
