package dev.bulkhead.agent.sandbox;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions short enough for one method, but with more ways into their second version, for all that lives at their loops, than a method has room for. */
final class ManyLoopsTest {
    private static String text(int locals, int loops) {
        StringBuilder text =
                new StringBuilder("(module (func (export \"f\") (param $x i32) (result i32) (local $c i32)");
        for (int i = 0; i < locals; i++) {
            text.append("(local $v").append(i).append(" i32)");
        }
        for (int i = 0; i < locals; i++) {
            text.append("(local.set $v").append(i).append(" (i32.mul (local.get $x) (i32.const ");
            text.append(i + 1).append(")))");
        }
        for (int i = 0; i < loops; i++) {
            text.append("(local.set $c (i32.const 3)) (loop $l");
            text.append("(local.set $v0 (i32.add (local.get $v0) (local.get $c)))");
            text.append("(br_if $l (local.tee $c (i32.sub (local.get $c) (i32.const 1)))))");
        }
        text.append("(local.get $c)");
        for (int i = 0; i < locals; i++) {
            text.append("(i32.add (local.get $v").append(i).append("))");
        }
        return text.append("))").toString();
    }

    @ParameterizedTest
    @CsvSource({"240, 60", "400, 50", "30, 200"})
    void areCompiledAndRunOutOfFuelAnywhere(int locals, int loops) {
        byte[] module = Wat.bytes(text(locals, loops));
        OutOfFuelTest.sameInEachForm(locals + " locals, " + loops + " loops", module, 5);
    }
}
