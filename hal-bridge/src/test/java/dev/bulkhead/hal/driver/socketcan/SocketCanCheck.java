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
import dev.bulkhead.hal.time.VehicleClock;
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
    private final VehicleClock clock = new VehicleClock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long unixMillis() {
            return System.currentTimeMillis();
        }
    };

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
        try (DriverRack rack = new DriverRack(clock, time, store, board)) {
            rack.start(new SocketCanDriver("vcan0", "can0", true, List.of()));
            CanBus bus = rack.bus("can0").orElseThrow();
            CanPort port = bus.open(List.of(CanFilter.ANY_DATA, CanFilter.ERRORS), 64, () -> {});
            CanPort other = bus.open(List.of(CanFilter.exactly(0x123, false)), 64, () -> {});
            until("bus is active", () -> bus.status().state() == CanBusStatus.State.ACTIVE);
            receives(port);
            sends(port);
            hearsEachFrameOnce(other);
            timestamps(port);
            errorFrames(bus, port);
            comesBack(bus, port);
        }
        kernelFilters(store, board);
        errorsOnly();
        countsWhatTheKernelDrops();
        aFullQueueSaysTryAgain();
    }

    /** Frames carry the time the kernel took them in. */
    private void timestamps(CanPort port) throws Exception {
        port.receive(64, (f, at) -> {});
        List<Long> times = new ArrayList<>();
        for (String frame : List.of("100#01", "100#02")) {
            long before = clock.nanos();
            tool("cansend", "vcan0", frame);
            Thread.sleep(300);
            until("timestamped frame", () -> port.receive(8, (f, at) -> times.add(at)) > 0);
            long at = times.getLast();
            require(at >= before - 20_000_000 && at <= clock.nanos(), "time " + at + " not after " + before);
        }
        long apart = times.get(1) - times.get(0);
        require(apart >= 290_000_000, "frames are " + apart + " ns apart");
    }

    /** What a controller reports of itself, as the kernel hands it on, is the state of the bus. */
    private void errorFrames(CanBus bus, CanPort port) throws Exception {
        port.receive(64, (f, at) -> {});
        long before = bus.status().errors();
        tool("cansend", "vcan0", "20000004#0020000000000000");
        until("bus is passive", () -> bus.status().state() == CanBusStatus.State.PASSIVE);
        tool("cansend", "vcan0", "20000040#0000000000000000");
        until("bus is off", () -> bus.status().state() == CanBusStatus.State.BUS_OFF);
        require(port.send(CanFrame.standard(1)) == CanSendResult.BUS_OFF, "sent on a bus that is off");
        tool("cansend", "vcan0", "20000100#0000000000000000");
        until("bus is active again", () -> bus.status().state() == CanBusStatus.State.ACTIVE);
        require(bus.status().errors() == before + 3, bus.status() + " after three error frames");
        int[] heard = {0};
        until("the port hears of all three", () -> (heard[0] += port.receive(8, (f, at) -> {})) >= 3);
        require(heard[0] == 3, "the port that asked for error frames got " + heard[0]);
        require(port.send(CanFrame.standard(1)) == CanSendResult.SENT, "not sent after the restart");
    }

    /** What the kernel filters out never reaches the driver. */
    private void kernelFilters(SignalStore store, ActuatorBoard board) throws Exception {
        try (DriverRack rack = new DriverRack(clock, time, store, board)) {
            rack.start(new SocketCanDriver("vcan0", "can0", true, List.of(CanFilter.exactly(0x123, false))));
            CanBus bus = rack.bus("can0").orElseThrow();
            CanPort port = bus.open(List.of(CanFilter.ANY_DATA), 64, () -> {});
            until("bus is active", () -> bus.status().state() == CanBusStatus.State.ACTIVE);
            tool("cansend", "vcan0", "124#00");
            tool("cansend", "vcan0", "00000123#00");
            tool("cansend", "vcan0", "123#00");
            List<String> heard = new ArrayList<>();
            until("the frame that fits", () -> port.receive(8, (f, at) -> heard.add(f.toString())) > 0);
            require(heard.equals(List.of("123#00")), "heard " + heard);
            require(bus.status().received() == 1, bus.status() + " though one passes the filter");
        }
    }

    private static CanSocket open() {
        CanSocket.Opened opened = CanSocket.open(new LibC(), "vcan0", true, List.of());
        require(opened instanceof CanSocket.Opened.Ready, "no socket: " + opened);
        return ((CanSocket.Opened.Ready) opened).socket();
    }

    /** Who wants error frames only gets no data. */
    private static void errorsOnly() {
        CanSocket.Opened opened = CanSocket.open(new LibC(), "vcan0", true, List.of(CanFilter.ERRORS));
        require(opened instanceof CanSocket.Opened.Ready, "no socket: " + opened);
        try (CanSocket deaf = ((CanSocket.Opened.Ready) opened).socket();
                CanSocket sender = open()) {
            sender.write(CanFrame.standard(0x202));
            List<String> heard = new ArrayList<>();
            deaf.read(300, 8, (frame, at, lost) -> heard.add(frame.toString()));
            require(heard.isEmpty(), "heard " + heard);
        }
    }

    /** A reader that comes too late learns how many frames it missed. */
    private static void countsWhatTheKernelDrops() {
        try (CanSocket late = open();
                CanSocket sender = open()) {
            for (int i = 0; i < 4_000; i++) {
                CanSendResult result = sender.write(CanFrame.standard(0x200, (byte) i));
                require(result == CanSendResult.SENT, "frame " + i + ": " + result);
            }
            long[] seen = {0, 0};
            CanSocket.Received count = (frame, at, lost) -> {
                seen[0]++;
                seen[1] = lost;
            };
            for (int i = 0; i < 32; i++) {
                require(late.read(0, 256, count) == 0, "read failed");
            }
            sender.write(CanFrame.standard(0x201));
            require(late.read(1_000, 1, count) == 0, "read failed");
            require(seen[1] > 0 && seen[0] + seen[1] == 4_001, seen[0] + " read, " + seen[1] + " said lost, of 4001");
        }
    }

    /** A queue on the interface that is full answers ENOBUFS, which is no failure of the bus. */
    private static void aFullQueueSaysTryAgain() throws Exception {
        program("tc", "qdisc", "add", "dev", "vcan0", "root", "tbf", "rate", "8kbit", "burst", "100", "limit", "400");
        try (CanSocket sender = open()) {
            CanSendResult result = CanSendResult.SENT;
            int sent = 0;
            while (result == CanSendResult.SENT && sent < 10_000) {
                result = sender.write(CanFrame.standard(0x300, (byte) sent++));
            }
            require(result == CanSendResult.TRY_AGAIN, result + " after " + sent + " frames");
        }
        program("tc", "qdisc", "del", "dev", "vcan0", "root");
        try (CanSocket sender = open()) {
            require(sender.write(CanFrame.standard(0x300)) == CanSendResult.SENT, "not sent after the queue is gone");
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

    /** We send, can-utils hear. */
    private void sends(CanPort port) throws Exception {
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
    }

    /** Our own other port has heard what can-utils and we sent and its filter lets through, up to a last frame that ends the wait. */
    private void hearsEachFrameOnce(CanPort other) throws Exception {
        tool("cansend", "vcan0", "123#FF");
        List<String> heard = new ArrayList<>();
        until("the last frame arrives", () -> {
            other.receive(8, (f, at) -> heard.add(f.toString()));
            return heard.contains("123#FF");
        });
        require(
                heard.equals(List.of("123#DEADBEEF", "123##1112233445566778899AABBCC", "123#01", "123#FF")),
                "our other port heard " + heard);
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
        program(command.toArray(String[]::new));
    }

    private static void program(String... command) throws InterruptedException {
        OtherProgram.Result result = OtherProgram.run(command);
        require(result.status() == 0, List.of(command) + ": " + result.output());
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
