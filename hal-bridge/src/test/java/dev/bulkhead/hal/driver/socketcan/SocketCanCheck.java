package dev.bulkhead.hal.driver.socketcan;

import dev.bulkhead.hal.OtherProgram;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.driver.DriverRack;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The driver against a real kernel: run inside one that has vcan0 (see {@code src/test/uml}). Argument: the folder of can-utils. Prints
 * {@code socketcan: ok} or what failed.
 */
final class SocketCanCheck {
    private final String tools;
    private final ManualTime time = new ManualTime();

    private SocketCanCheck(String tools) {
        this.tools = tools;
    }

    public static void main(String[] arguments) throws Exception {
        new SocketCanCheck(arguments[0]).run();
        System.out.println("socketcan: ok");
        System.exit(0);
    }

    private void run() throws Exception {
        SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 10);
        ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
        try (DriverRack rack = new DriverRack(time, time, store, board)) {
            rack.start(new SocketCanDriver("vcan0", "can0", true, List.of()));
            CanBus bus = rack.bus("can0").orElseThrow();
            CanPort port = bus.open(List.of(CanFilter.ANY_DATA, CanFilter.ERRORS), 64, () -> {});
            CanPort other = bus.open(List.of(CanFilter.exactly(0x123, false)), 64, () -> {});
            until("bus is active", () -> bus.status().state() == CanBusStatus.State.ACTIVE);
            receives(port);
            sends(port, other);
            comesBack(bus, port);
        }
    }

    /** can-utils send, we hear. */
    private void receives(CanPort port) throws Exception {
        for (String frame : List.of("123#DEADBEEF", "1F334455#1122", "321#R4", "123##1112233445566778899AABBCC")) {
            tool("cansend", "vcan0", frame);
            List<String> heard = new ArrayList<>();
            until(frame + " arrives", () -> port.receive(8, (f, at) -> heard.add(f.toString())) > 0);
            require(heard.equals(List.of(frame)), frame + " came as " + heard);
        }
    }

    /** We send, can-utils and our own other port hear. */
    private void sends(CanPort port, CanPort other) throws Exception {
        other.receive(64, (f, at) -> {});
        Process dump = new ProcessBuilder(tools + "/candump", "-L", "-n", "3", "-T", "5000", "vcan0").start();
        until("candump listens", () -> {
            try {
                return Files.readString(Path.of("/proc/net/can/rcvlist_all")).contains("vcan0");
            } catch (IOException e) {
                return true;
            }
        });
        Thread.sleep(500);
        List<CanFrame> frames = List.of(
                CanFrame.standard(0x123, (byte) 1),
                CanFrame.extended(0x18FEF100, (byte) 2, (byte) 3),
                CanFrame.fd(0x55, false, CanFrame.FD_BRS, new byte[64]));
        for (CanFrame frame : frames) {
            require(port.send(frame) == CanSendResult.SENT, frame + " not sent");
        }
        String log = new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String plain = log.replace("##5", "##1"); // the kernel marks FD frames with a flag of its own
        for (CanFrame frame : frames) {
            require(plain.contains("vcan0 " + frame), frame + " is not in " + log);
        }
        require(other.receive(8, (f, at) -> {}) == 1, "our other port did not hear exactly one frame");
    }

    /** The interface goes down, away, and comes back. */
    private void comesBack(CanBus bus, CanPort port) throws Exception {
        ip("link", "set", "vcan0", "down");
        until("bus is down", () -> bus.status().state() == CanBusStatus.State.DOWN);
        require(port.send(CanFrame.standard(1)) == CanSendResult.NO_DEVICE, "sent on a bus that is down");
        ip("link", "set", "vcan0", "up");
        until("bus is up", () -> port.send(CanFrame.standard(1)) == CanSendResult.SENT);
        ip("link", "del", "vcan0");
        until("bus is gone", () -> bus.status().state() == CanBusStatus.State.DOWN);
        ip("link", "add", "vcan0", "type", "vcan");
        ip("link", "set", "vcan0", "up");
        until("bus is there again", () -> port.send(CanFrame.standard(1)) == CanSendResult.SENT);
        tool("cansend", "vcan0", "7FF#");
        until("frames flow again", () -> port.receive(8, (f, at) -> {}) > 0);
    }

    private void tool(String name, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(tools + "/" + name));
        command.addAll(List.of(arguments));
        OtherProgram.Result result = OtherProgram.run(command.toArray(String[]::new));
        require(result.status() == 0, command + ": " + result.output());
    }

    private static void ip(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        OtherProgram.Result result = OtherProgram.run(command.toArray(String[]::new));
        require(result.status() == 0, command + ": " + result.output());
    }

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            if (holds.getAsBoolean()) {
                return;
            }
            Thread.sleep(10);
        }
        require(false, what + " did not happen in 10 s");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            System.out.println("socketcan: FAILED " + otherwise);
            System.exit(1);
        }
    }
}
