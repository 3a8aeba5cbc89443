package dev.bulkhead.agent.main;

import com.dylibso.chicory.wabt.Wat2Wasm;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Writes hostile apps: everything an app may import, a timer that fires every 20 ms, and a body for each of its callbacks. */
final class HostileModule {
    /** Where an exception is to be thrown; the text format has none. */
    static final String THROW = " nop nop nop nop nop nop ";

    private String initialize = "";
    private String start = "";
    private String event = "";
    private String alloc = "(i32.const 1024)";
    private String result = "(i32.const 0)";
    private String more = "";
    private String memory = "(memory (export \"memory\") 1)";
    private String imports = "";
    private byte[] function = {};

    static HostileModule onEvent(String body) {
        HostileModule module = new HostileModule();
        module.event = body;
        return module;
    }

    static HostileModule onStart(String body) {
        return new HostileModule().starting(body);
    }

    HostileModule starting(String body) {
        start = body;
        return this;
    }

    HostileModule initialize(String body) {
        initialize = "(func (export \"_initialize\") " + body + ")";
        return this;
    }

    HostileModule alloc(String body) {
        alloc = body;
        return this;
    }

    HostileModule answering(String value) {
        result = value;
        return this;
    }

    HostileModule with(String fields) {
        more += fields;
        return this;
    }

    HostileModule memory(String field) {
        memory = field;
        return this;
    }

    HostileModule importing(String fields) {
        imports = fields;
        return this;
    }

    /** Adds a function of these bytes: declarations of locals, then code. */
    HostileModule function(byte[] body) {
        function = body;
        return this;
    }

    private static final String IMPORTS = """
            (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
            (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
            (import "app" "exit" (func $exit (param i32)))
            (import "app" "random" (func $random (param i32 i32) (result i32)))
            (import "app" "kv_put" (func $put (param i32 i32 i32 i32) (result i32)))
            (import "app" "kv_get" (func $get (param i32 i32 i32 i32) (result i32)))
            (import "app" "kv_list" (func $list (param i32 i32 i32 i32) (result i32)))
            (import "app" "msg_publish" (func $publish (param i32 i32 i32 i32) (result i32)))
            (import "app" "msg_subscribe" (func $hear (param i32 i32) (result i32)))
            (import "app" "msg_recv" (func $recv (param i32 i32) (result i32)))
            (import "hal" "signal_open" (func $open (param i32 i32 i32) (result i32)))
            (import "hal" "signal_close" (func $close (param i32) (result i32)))
            (import "hal" "signal_subscribe" (func $sub (param i32 i32 i32 f64 i32) (result i32)))
            (import "hal" "signal_read" (func $read (param i32 i32) (result i32)))
            (import "hal" "signal_read_batch" (func $batch (param i32 i32 i32) (result i32)))
            (import "hal" "actuator_acquire" (func $acquire (param i32 i32 i32) (result i32)))
            (import "hal" "actuator_set_f64" (func $set (param i32 f64) (result i32)))
            (import "hal" "actuator_set_batch" (func $sets (param i32 i32) (result i32)))
            (import "hal" "can_open" (func $can (param i32 i32 i32) (result i32)))
            (import "hal" "can_send" (func $send (param i32 i32 i32) (result i32)))
            """;

    byte[] bytes() {
        String text = "(module (type $void (func)) (type $i (func (result i32)))" + IMPORTS + imports + memory
                + "(table $t 16 funcref) (elem (i32.const 0) $leaf $self $tree)"
                + "(data (i32.const 16) \"Vehicle.Speed\") (data (i32.const 32) \"can0\") (data (i32.const 48) \"topic\")"
                + "(data (i32.const 64) \"Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed\")"
                + "(data (i32.const 128) \"Vehicle.Chassis.Brake.PedalPosition\")"
                + "(global $h (mut i32) (i32.const 0)) (global $n (mut i32) (i32.const 0))"
                + "(func $leaf) (func $self (call $self)) (func $ping (call $pong)) (func $pong (call $ping))"
                + "(func $tree (call_indirect (type $void) (i32.const 2)))"
                + initialize
                + "(func (export \"alloc\") (param i32) (result i32) " + alloc + ")"
                + "(func $start (export \"on_start\") (result i32)"
                + " (drop (call $timer (i32.const 1) (i32.const 20) (i32.const 20))) (call $begin) (i32.const 0))"
                + "(func $begin (local $i i32) " + start + ")"
                + "(func $event (export \"on_event\") (param $at i32) (param $count i32) (result i32) (local $i i32) "
                + event + result + ")"
                + more + ")";
        byte[] module = Wat2Wasm.parse(text);
        if (function.length > 0) {
            return adding(module, function);
        }
        return (event + start).contains(THROW) ? throwing(module) : module;
    }

    /** Puts a section with one tag before the globals, and {@code throw 0} where the mark is. */
    private static byte[] throwing(byte[] module) {
        byte[] bytes = rewritten(module, (id, content, out) -> {
            if (id == 6) {
                out.writeBytes(new byte[] {13, 3, 1, 0, 0});
            }
            return content;
        });
        for (int i = 0; i + 6 <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + 6, new byte[] {1, 1, 1, 1, 1, 1}, 0, 6)) {
                bytes[i] = 0x08;
                bytes[i + 1] = 0;
                return bytes;
            }
        }
        throw new IllegalStateException("no place to throw");
    }

    /** One more function without parameters, its locals and code given in bytes: for what is too large to be written as text. */
    private static byte[] adding(byte[] module, byte[] body) {
        return rewritten(module, (id, content, out) -> {
            if (id != 3 && id != 10) {
                return content;
            }
            ByteArrayOutputStream longer = new ByteArrayOutputStream();
            int[] at = {0};
            leb(longer, leb(content, at) + 1);
            longer.write(content, at[0], content.length - at[0]);
            if (id == 3) {
                longer.write(0);
            } else {
                leb(longer, body.length);
                longer.writeBytes(body);
            }
            return longer.toByteArray();
        });
    }

    /** Declarations, then the same instructions again and again. */
    static byte[] body(int[] locals, int times, int... instructions) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Arrays.stream(locals).forEach(body::write);
        for (int i = 0; i < times; i++) {
            Arrays.stream(instructions).forEach(body::write);
        }
        body.write(0x0B);
        return body.toByteArray();
    }

    private interface Rewriter {
        byte[] section(int id, byte[] content, ByteArrayOutputStream before);
    }

    private static byte[] rewritten(byte[] module, Rewriter rewriter) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(module, 0, 8);
        int[] at = {8};
        while (at[0] < module.length) {
            int id = module[at[0]++];
            int size = leb(module, at);
            byte[] content = rewriter.section(id, Arrays.copyOfRange(module, at[0], at[0] + size), out);
            at[0] += size;
            out.write(id);
            leb(out, content.length);
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    private static int leb(byte[] bytes, int[] at) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int b = bytes[at[0]++];
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    static void leb(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left > 0x7F) {
            out.write((left & 0x7F) | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }
}
