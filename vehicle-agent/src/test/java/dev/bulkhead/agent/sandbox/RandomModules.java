package dev.bulkhead.agent.sandbox;

import java.util.random.RandomGenerator;

/**
 * Writes random valid modules in the text format: arithmetic, locals, memory, nested blocks, bounded loops, indirect calls; wide ones also f32, growth and bulk
 * operations of memory and tables, references, and blocks and functions of several results. The bits of a NaN are never looked at.
 */
final class RandomModules {
    private static final String[] INT_BINARY = {
        "add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr", "div_u", "rem_s"
    };
    private static final String[] INT_UNARY = {"clz", "ctz", "popcnt"};
    private static final String[] COMPARE = {"eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"
    };
    private static final String[] FLOAT_BINARY = {"add", "sub", "mul", "min", "max", "copysign"};
    private static final String[] FLOAT_UNARY = {"neg", "abs", "ceil", "floor", "trunc", "nearest", "sqrt"};
    private static final String[] FLOAT_COMPARE = {"eq", "ne", "lt", "gt", "le", "ge"};
    private static final String[] LONG_UNARY = {"extend8_s", "extend16_s", "extend32_s", "clz", "ctz", "popcnt"};

    private final RandomGenerator random;
    private final StringBuilder text = new StringBuilder();
    private boolean wide;

    RandomModules(RandomGenerator random) {
        this.random = random;
    }

    /** Exports {@code f (i32, i64, f64) → i64}. */
    String module() {
        return module(1);
    }

    /** The same, so many times as long. */
    String module(int parts) {
        text.append(
                "(module (memory 1) (type $t (func (param i32) (result i32))) (table 4 funcref)"
                        + " (elem (i32.const 0) func $g $h $g $h)"
                        + " (func $g (param i32) (result i32) (i32.mul (local.get 0) (i32.const 31)))"
                        + " (func $h (param i32) (result i32) (i32.xor (local.get 0) (i32.const 0x5bd1e995)))"
                        + " (func (export \"f\") (param $i i32) (param $l i64) (param $d f64) (result i64) (local $n i32) (local $m i32)");
        for (int i = 0; i < parts; i++) {
            statements(4);
        }
        text.append(
                " (i64.add (local.get $l) (i64.add (i64.extend_i32_s (local.get $i)) (i64.trunc_sat_f64_s (local.get $d))))))");
        return text.toString();
    }

    /** The same export, with more of the language. Calls that a return follows may be made tail calls. */
    String wide() {
        wide = true;
        text.append("(module (memory 1 3) (data \"\\01\\80\\ff\\7f\\00\\40\\c0\\10 and what fuel is for\")"
                + " (type $t (func (param i32) (result i32))) (table 4 funcref) (table $r 4 8 funcref)"
                + " (elem (table 0) (i32.const 0) func $g $h $g $h) (elem declare func $g $h)"
                + " (func $g (param i32) (result i32) (i32.mul (local.get 0) (i32.const 31)))"
                + " (func $h (param i32) (result i32) (i32.xor (local.get 0) (i32.const 0x5bd1e995)))"
                + " (func $several (param i32 i64) (result i64 f32 i32)"
                + "  (i64.rotl (local.get 1) (i64.const 9)) (f32.convert_i32_u (local.get 0)) (i32.sub (i32.const 1) (local.get 0)))"
                + " (func $last (param i32 i64) (result i64) (if (i32.eqz (local.get 0)) (then (return (local.get 1))))"
                + "  (return (call $other (i64.rotl (local.get 1) (i64.const 7)) (i32.sub (local.get 0) (i32.const 1)))))"
                + " (func $other (param i64 i32) (result i64) (return (call $last (local.get 1) (i64.mul (local.get 0) (i64.const 31)))))"
                + " (func (export \"f\") (param $i i32) (param $l i64) (param $d f64) (result i64)"
                + "  (local $n i32) (local $m i32) (local $s f32)");
        statements(4);
        return text.append(" (i64.add (i64.trunc_sat_f32_s (local.get $s)) (i64.add (local.get $l)"
                        + " (i64.add (i64.extend_i32_s (local.get $i)) (i64.trunc_sat_f64_s (local.get $d)))))))")
                .toString();
    }

    /** The same export, whose work is a short function that calls itself, now and then in a loop, and a shorter one. */
    String recursion() {
        text.append(
                "(module (memory 1) (type $t (func (param i32) (result i32))) (table 4 funcref) (global $calls (mut i32) (i32.const 0))"
                        + " (elem (i32.const 0) func $g $h $g $h)"
                        + " (func $g (param i32) (result i32) (i32.mul (local.get 0) (i32.const 31)))"
                        + " (func $h (param i32) (result i32) (i32.xor (local.get 0) (i32.const 0x5bd1e995)))"
                        + " (func $leaf (param i64 i32) (result i64) (local i64)"
                        + "  (if (i32.and (local.get 1) (i32.const 1)) (then (return (i64.add (local.get 0) (local.get 2)))))"
                        + "  (local.set 2 (i64.load offset=8 (i32.and (local.get 1) (i32.const 1023)))) (i64.xor (local.get 0) (local.get 2)))"
                        + " (func $r (param $k i32) (param $i i32) (param $l i64) (param $d f64) (result i64) (local $n i32) (local $m i32) (local $s i64)");
        boolean inABlock = random.nextBoolean();
        baseCase(inABlock);
        text.append(" (global.set $calls (i32.add (global.get $calls) (i32.const 1)))");
        int calls = 1 + random.nextInt(2);
        for (int i = 0; i < calls; i++) {
            statement(0);
            recursiveStatement();
        }
        text.append(" (i64.add (local.get $s) (call $leaf (local.get $l) (local.get $i)))");
        text.append(inABlock ? " (return)) (i64.const 77))" : ")");
        text.append(" (func (export \"f\") (param $i i32) (param $l i64) (param $d f64) (result i64)"
                + "  (global.set $calls (i32.const 0)) (call $r (i32.const ");
        text.append(1 + random.nextInt(9)).append(") (local.get $i) (local.get $l) (local.get $d))))");
        return text.toString();
    }

    /** Where the recursion ends: by a branch or a return, with something done before or not, which memory may have a say in. */
    private void baseCase(boolean inABlock) {
        if (random.nextInt(3) == 0) {
            statement(0);
        }
        text.append(inABlock ? " (block $base (br_if $base " : " (if ");
        text.append("(i32.or (i32.lt_s (local.get $k) (i32.const 1)) ");
        if (random.nextInt(4) == 0) {
            text.append("(i32.load8_u (i32.and (local.get $i) (i32.const 127))))");
        } else {
            text.append("(i32.gt_u (global.get $calls) (i32.const 2000)))");
        }
        text.append(inABlock ? ")" : " (then (return (i64.add (local.get $l) (i64.extend_i32_s (local.get $i))))))");
    }

    private void recursiveStatement() {
        switch (random.nextInt(5)) {
            case 0 -> {
                text.append(" (if ");
                condition();
                text.append(" (then");
                recursiveCall();
                text.append(") (else");
                statement(0);
                text.append("))");
            }
            case 1 -> {
                text.append(" (block $a (block $b (br_table $b $a $b (i32.and (local.get $i) (i32.const 3))))");
                recursiveCall();
                text.append(")");
            }
            case 2 -> {
                text.append(" (local.set $n (i32.const ")
                        .append(1 + random.nextInt(3))
                        .append(")) (loop $again");
                recursiveCall();
                text.append(" (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))");
            }
            default -> recursiveCall();
        }
    }

    /** With operands beneath, so that they wait for what is called. */
    private void recursiveCall() {
        text.append(" (local.set $s (i64.rotl ");
        i64(1);
        text.append(" (i64.sub (local.get $s) (call $r (i32.sub (local.get $k) (i32.const 1)) ");
        i32(1);
        i64(1);
        f64(1);
        text.append("))))");
    }

    private void statements(int depth) {
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            statement(depth);
        }
    }

    private void statement(int depth) {
        if (wide && random.nextInt(3) == 0) {
            wideStatement();
            return;
        }
        switch (random.nextInt(depth > 0 ? 10 : 5)) {
            case 0, 1 -> set("$i", () -> i32(3));
            case 2 -> set("$l", () -> i64(3));
            case 3 -> set("$d", () -> f64(3));
            case 4 -> {
                text.append(" (i32.store offset=").append(random.nextInt(64)).append(" (i32.and (i32.const 1023) ");
                i32(2);
                text.append(") ");
                i32(2);
                text.append(")");
            }
            case 5 -> {
                text.append(" (if ");
                condition();
                text.append(" (then");
                statements(depth - 1);
                text.append(") (else");
                statements(depth - 1);
                text.append("))");
            }
            case 6 -> {
                text.append(" (block $b").append(depth);
                statements(depth - 1);
                text.append(" (br_if $b").append(depth).append(" ");
                condition();
                text.append(")");
                statements(depth - 1);
                text.append(")");
            }
            default -> loop(depth);
        }
    }

    private void wideStatement() {
        switch (random.nextInt(9)) {
            case 0 -> set("$s", () -> f32(3));
            case 1 -> bulk("memory.fill", () -> i32(1));
            case 2 -> bulk("memory.copy", this::address);
            case 3 ->
                bulk(
                        "memory.init 0",
                        () -> text.append("(i32.const ")
                                .append(random.nextInt(9))
                                .append(") "));
            case 4 -> {
                text.append(" (table.set $r (i32.and (i32.const 3) ");
                i32(1);
                text.append(") ");
                reference();
                text.append(")");
            }
            case 5 -> {
                text.append(" (local.set $i (table.grow $r ");
                reference();
                text.append(" (i32.const ").append(random.nextInt(3)).append(")))");
            }
            case 6 -> {
                text.append(" (call $several ");
                i32(2);
                i64(2);
                text.append(") (local.set $i) (local.set $s) (local.set $l)");
            }
            default -> blockOfSeveral();
        }
    }

    private void address() {
        text.append("(i32.and (i32.const 1023) ");
        i32(1);
        text.append(") ");
    }

    /** Of up to 15 bytes. */
    private void bulk(String name, Runnable second) {
        text.append(" (").append(name).append(" ");
        address();
        second.run();
        text.append("(i32.and (i32.const 15) ");
        i32(1);
        text.append("))");
    }

    private void reference() {
        switch (random.nextInt(4)) {
            case 0 -> text.append("(ref.null func)");
            case 1 ->
                text.append("(table.get $r (i32.const ")
                        .append(random.nextInt(3))
                        .append("))");
            case 2 ->
                text.append("(table.get 0 (i32.const ")
                        .append(random.nextInt(4))
                        .append("))");
            default -> text.append(random.nextBoolean() ? "(ref.func $g)" : "(ref.func $h)");
        }
    }

    /** Takes two values and gives two, by its end or by a branch. */
    private void blockOfSeveral() {
        i64(1);
        text.append(" ");
        i32(1);
        text.append(" (block (param i64 i32) (result i64 i32) (br_if 0 ");
        condition();
        text.append(") (local.set $i) (local.set $l)");
        statement(0);
        i64(1);
        text.append(" ");
        i32(1);
        text.append(") (local.set $i) (local.set $l)");
    }

    /** A loop ends because its counter does; nested ones share two counters, saved on the operand stack meanwhile. */
    private void loop(int depth) {
        String counter = depth % 2 == 0 ? "$n" : "$m";
        text.append(" (local.get ")
                .append(counter)
                .append(") (local.set ")
                .append(counter)
                .append(" (i32.const ")
                .append(1 + random.nextInt(6))
                .append(")) (loop $l")
                .append(depth);
        statements(depth - 1);
        text.append(" (local.set ")
                .append(counter)
                .append(" (i32.sub (local.get ")
                .append(counter)
                .append(") (i32.const 1))) (br_if $l")
                .append(depth)
                .append(" (i32.gt_s (local.get ")
                .append(counter)
                .append(") (i32.const 0)))) (local.set ")
                .append(counter)
                .append(")");
    }

    private void set(String local, Runnable value) {
        text.append(" (local.set ").append(local).append(" ");
        value.run();
        text.append(")");
    }

    private void condition() {
        if (random.nextBoolean()) {
            text.append("(i32.eqz ");
            i32(1);
            text.append(")");
        } else {
            compare(1);
        }
    }

    private void compare(int depth) {
        boolean wide = random.nextBoolean();
        text.append(wide ? "(i64." : "(i32.").append(one(COMPARE)).append(" ");
        for (int i = 0; i < 2; i++) {
            if (wide) {
                i64(depth - 1);
            } else {
                i32(depth - 1);
            }
        }
        text.append(")");
    }

    private String one(String[] names) {
        return names[random.nextInt(names.length)];
    }

    private void i32(int depth) {
        if (depth <= 0) {
            text.append(random.nextBoolean() ? "(local.get $i)" : "(i32.const " + random.nextInt() + ")");
            return;
        }
        if (wide && random.nextInt(3) == 0) {
            wideI32(depth - 1);
            return;
        }
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> binary("i32", one(INT_BINARY), () -> i32(depth - 1));
            case 3 -> unary("i32." + one(INT_UNARY), () -> i32(depth - 1));
            case 4 -> compare(depth);
            case 5 -> unary("i32.wrap_i64", () -> i64(depth - 1));
            case 6 -> unary("i32.trunc_sat_f64_s", () -> f64(depth - 1));
            case 7 -> {
                text.append("(i32.load16_u offset=").append(random.nextInt(64)).append(" (i32.and (i32.const 1023) ");
                i32(depth - 1);
                text.append("))");
            }
            default -> {
                text.append("(call_indirect (type $t) ");
                i32(depth - 1);
                text.append(" (i32.and (i32.const 3) ");
                i32(depth - 1);
                text.append("))");
            }
        }
    }

    private void wideI32(int depth) {
        switch (random.nextInt(8)) {
            case 0 -> unary(random.nextBoolean() ? "i32.extend8_s" : "i32.extend16_s", () -> i32(depth));
            case 1 -> text.append("(memory.size)");
            case 2 ->
                text.append("(memory.grow (i32.const ")
                        .append(random.nextInt(2))
                        .append("))");
            case 3 -> text.append("(table.size $r)");
            case 4 -> unary("ref.is_null", this::reference);
            case 5 -> unary(random.nextInt(4) > 0 ? "i32.trunc_sat_f32_u" : "i32.trunc_f32_s", () -> f32(depth));
            case 6 -> unary("i32.load8_s offset=" + (random.nextInt(4) == 0 ? 65_000 : 64_500), this::address);
            default -> binary("f32", one(FLOAT_COMPARE), () -> f32(depth));
        }
    }

    private void f32(int depth) {
        if (depth <= 0) {
            text.append(random.nextBoolean() ? "(local.get $s)" : "(f32.const " + random.nextInt(1000) / 8.0 + ")");
            return;
        }
        switch (random.nextInt(6)) {
            case 0, 1 -> binary("f32", one(FLOAT_BINARY), () -> f32(depth - 1));
            case 2 -> unary("f32." + one(FLOAT_UNARY), () -> f32(depth - 1));
            case 3 -> unary("f32.demote_f64", () -> f64(depth - 1));
            case 4 -> unary("f32.convert_i32_s", () -> i32(depth - 1));
            default -> unary("f32.convert_i64_u", () -> i64(depth - 1));
        }
    }

    private void i64(int depth) {
        if (depth <= 0) {
            text.append(random.nextBoolean() ? "(local.get $l)" : "(i64.const " + random.nextLong() + ")");
            return;
        }
        if (wide && random.nextInt(4) == 0) {
            if (random.nextInt(4) == 0) {
                text.append("(call $last (i32.and (i32.const 31) ");
                i32(depth - 1);
                text.append(") ");
                i64(depth - 1);
                text.append(")");
            } else {
                unary("i64." + one(LONG_UNARY), () -> i64(depth - 1));
            }
            return;
        }
        switch (random.nextInt(5)) {
            case 0, 1 -> binary("i64", one(INT_BINARY), () -> i64(depth - 1));
            case 2 -> unary("i64.extend_i32_u", () -> i32(depth - 1));
            case 3 -> unary("i64.trunc_sat_f64_u", () -> f64(depth - 1));
            default -> {
                text.append("(select ");
                i64(depth - 1);
                i64(depth - 1);
                condition();
                text.append(")");
            }
        }
    }

    private void f64(int depth) {
        if (depth <= 0) {
            text.append(random.nextBoolean() ? "(local.get $d)" : "(f64.const " + random.nextInt(1000) / 8.0 + ")");
            return;
        }
        if (wide && random.nextInt(4) == 0) {
            unary("f64.promote_f32", () -> f32(depth - 1));
            return;
        }
        switch (random.nextInt(4)) {
            case 0, 1 -> binary("f64", one(FLOAT_BINARY), () -> f64(depth - 1));
            case 2 -> unary("f64.convert_i32_s", () -> i32(depth - 1));
            default -> unary("f64.convert_i64_u", () -> i64(depth - 1));
        }
    }

    private void unary(String name, Runnable operand) {
        text.append("(").append(name).append(" ");
        operand.run();
        text.append(")");
    }

    private void binary(String type, String name, Runnable operand) {
        text.append("(").append(type).append(".").append(name).append(" ");
        operand.run();
        operand.run();
        text.append(")");
    }
}
