package dev.bulkhead.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The processes answer with the number they are sent, as if that were the time they took. */
@Timeout(60)
class StartsTest {
    @Test
    void aFigureIsTheMeanOfItsCallsAndWarmingUpIsNone() throws IOException, InterruptedException {
        try (Starts starts = echoes(1)) {
            starts.warm(0, 1_000, 3);
            starts.call(0, 40, 2);
            starts.call(0, 20, 1);
            assertEquals(List.of(40.0, 20.0), starts.millis());
        }
    }

    @Test
    void callsThatANeighbourSlowedDownDoNotMakeAProcessSlow() throws IOException {
        try (Starts starts = echoes(2)) {
            for (long call = 0; call < 20; call++) {
                starts.call(0, call % 3 == 0 ? 100 : 160, 1);
                starts.call(1, call < 18 ? 100 : 160, 1);
            }
            assertEquals(List.of(100.0, 100.0), starts.undisturbed());
            assertEquals(1.0, starts.spread());
            assertEquals(1.6, starts.medianSpread());
        }
    }

    @Test
    void aProcessThatIsSlowInAllItsCallsStandsOut() throws IOException {
        try (Starts starts = echoes(3)) {
            for (long call = 0; call < 20; call++) {
                starts.call(0, 100, 1);
                starts.call(1, 130, 1);
                // one lucky call does not hide it
                starts.call(2, call == 7 ? 100 : 120, 1);
            }
            assertEquals(List.of(100.0, 130.0, 120.0), starts.undisturbed());
            assertEquals(1.3, starts.spread(), 1e-9);
        }
    }

    @Test
    void whatIsNotInstalledIsNotCalled() throws IOException, InterruptedException {
        try (Starts none = new Starts()) {
            none.warm(0, 1_000, 3);
            none.call(0, 40, 2);
            assertTrue(none.isEmpty());
            assertEquals(List.of(), none.millis());
            assertTrue(none.result(40).isEmpty());
        }
    }

    private static Starts echoes(int count) throws IOException {
        Starts starts = new Starts();
        for (int start = 0; start < count; start++) {
            starts.add(SteppedProcess.start(List.of("cat")));
        }
        return starts;
    }
}
