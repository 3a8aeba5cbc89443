package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;

/** Random modules give here what they give in an interpreter by other hands: results, or that they trap. */
final class RandomModulesTest {
    private static final int MODULES = 150;

    @Test
    void behaveAsInTheInterpreter() {
        for (long seed = 1; seed <= MODULES; seed++) {
            RandomModules modules = new RandomModules(new SplittableRandom(seed));
            if (seed % 2 == 0) {
                behavesAsInTheInterpreter(seed, modules.module());
            } else {
                String text = modules.wide();
                behavesAsInTheInterpreter(seed, text, Wat.tailCalling(text));
            }
        }
    }

    /** Calls the module's {@code f} here and there with the same arguments. */
    static void behavesAsInTheInterpreter(long seed, String text) {
        behavesAsInTheInterpreter(seed, text, Wat.bytes(text));
    }

    private static void behavesAsInTheInterpreter(long seed, String text, byte[] module) {
        Instance ours = Wat.instance(module);
        run.endive.runtime.Instance theirs =
                run.endive.runtime.Instance.builder(Parser.parse(module)).build();
        for (long argument = -1; argument <= 1; argument++) {
            long[] args = {argument * 7, argument << 40, Double.doubleToRawLongBits(argument * 1.5)};
            assertEquals(theirs(theirs, args), ours(ours.call("f", args)), "seed " + seed + ": " + text);
        }
    }

    private static String ours(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Returned returned -> Long.toString(returned.results().getFirst());
            case Outcome.Trapped trapped when trapped.kind() != TrapKind.HOST_FAULT -> "trap";
            case Outcome.Trapped broken -> broken.toString();
            case Outcome.Killed killed -> killed.toString();
        };
    }

    private static String theirs(run.endive.runtime.Instance instance, long[] args) {
        try {
            return Long.toString(instance.export("f").apply(args)[0]);
        } catch (WasmEngineException | ArithmeticException trap) {
            return "trap";
        }
    }
}
