package dev.bulkhead.hal.can.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalSubscription;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import dev.bulkhead.hal.signal.VssDocument;
import dev.bulkhead.hal.time.ManualTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each key of the mapping format by what it does to frames and signals. Two messages have a signal of the same name. */
class MappingKeysTest {
    private static final String DBC = """
            BO_ 1 First: 2 X
             SG_ D : 0|8@1+ (1,0) [0|0] "" X
            BO_ 2 Second: 2 X
             SG_ D : 8|8@1+ (1,0) [0|0] "" X
            VAL_ 2 D 0 "OFF" 1 "ON" ;
            """;

    private final ManualTime time = new ManualTime();

    /** One leaf, its mapping, and a store with a subscriber. */
    private final class Room {
        private final SignalTree tree;
        private final VehicleMapping mapping;
        private final SignalStore store;
        private final FrameIntake intake;
        private final SignalSubscription heard;

        private Room(String leaf) {
            String json = "{'V':{'type':'branch','children':{'S':{" + leaf + "}}}}";
            VssDocument document =
                    VssDocument.parse("t", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
            tree = document.tree();
            mapping = VehicleMapping.read(
                    document, tree, new BusCodec(DbcDatabase.parse("t", DBC.getBytes(StandardCharsets.UTF_8))));
            store = new SignalStore(tree, time, time, 10);
            intake = new FrameIntake(mapping, store);
            heard = store.subscribe(0, SubscriptionOptions.queue(16), () -> {});
        }

        private List<Long> published() {
            List<Long> times = new ArrayList<>();
            SignalReading reading = new SignalReading();
            while (heard.poll(reading)) {
                times.add(reading.timeNanos());
            }
            return times;
        }

        private List<String> commanded(SignalValue value) {
            SignalLeaf leaf = tree.leaf(0);
            return FrameOutlet.commands(mapping, (message, codec, data) -> {}).frames(leaf, value).stream()
                    .map(CanFrame::toString)
                    .toList();
        }
    }

    private static CanFrame frame(int id, int first, int second) {
        return CanFrame.standard(id, (byte) first, (byte) second);
    }

    @Test
    void onChangeLetsOnlyOtherValuesThrough() {
        for (String yes : List.of("true", "'yes'", "'on'")) {
            Room room =
                    new Room("'type':'sensor','datatype':'uint8','dbc2vss':{'message':'First','signal':'D','on_change':"
                            + yes + "}");
            long now = time.nanos();
            int[] raws = {1, 1, 2, 2, 2, 1};
            for (int i = 0; i < raws.length; i++) {
                room.intake.accept(frame(1, raws[i], 0), now + i);
            }
            assertEquals(List.of(now, now + 2, now + 5), room.published(), yes);
        }
    }

    @Test
    void withoutOnChangeTheSameValueIsNewsAgain() {
        Room room = new Room("'type':'sensor','datatype':'uint8',"
                + "'dbc2vss':{'message':'First','signal':'D','on_change':'no','interval_ms':0}");
        long now = time.nanos();
        room.intake.accept(frame(1, 1, 0), now);
        room.intake.accept(frame(1, 1, 0), now + 1);
        assertEquals(List.of(now, now + 1), room.published());
    }

    @Test
    void messageSaysWhichOfTwoSignalsOfOneNameIsMeant() {
        Room named = new Room("'type':'sensor','datatype':'uint8','dbc2vss':{'message':'Second','signal':'D'}");
        assertEquals(List.of(), named.mapping.warnings());
        named.intake.accept(frame(1, 7, 7), time.nanos());
        assertEquals(List.of(), named.published());
        named.intake.accept(frame(2, 7, 9), time.nanos());
        assertEquals(9, named.store.cell(0).asLong());
        Room unnamed = new Room("'type':'sensor','datatype':'uint8','dbc2vss':{'signal':'D'}");
        assertEquals(
                List.of("V.S: 2 messages have a signal D; the first is taken, add \"message\""),
                unnamed.mapping.warnings());
    }

    @Test
    void aCommandIsComputedByItsFormula() {
        Room room = new Room("'type':'actuator','datatype':'uint8',"
                + "'vss2dbc':{'message':'Second','signal':'D','transform':{'math':'floor(x/2)+1'}}");
        assertEquals(
                List.of("002#0006"),
                room.commanded(new SignalValue.Scalar(room.tree.leaf(0).type(), 11)));
    }

    @Test
    void aCommandIsLookedUpInItsList() {
        Room room = new Room("'type':'actuator','datatype':'string','vss2dbc':{'message':'Second','signal':'D',"
                + "'transform':{'mapping':[{'from':'GO','to':'ON'},{'from':'STOP','to':0}]}}");
        assertEquals(List.of("002#0001"), room.commanded(SignalValue.of("GO")));
        assertEquals(List.of("002#0000"), room.commanded(SignalValue.of("STOP")));
        assertEquals(List.of(), room.commanded(SignalValue.of("WAIT")));
    }
}
