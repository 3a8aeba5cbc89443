package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.hal.HalFiles;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.can.CandumpLine;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.can.dbc.FrameFinishers;
import dev.bulkhead.hal.can.mapping.GuardedFrames;
import dev.bulkhead.hal.can.mapping.MappingException;
import dev.bulkhead.hal.can.mapping.VehicleMapping;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.keep.KeepingDriver;
import dev.bulkhead.hal.driver.mapped.MappedBusDriver;
import dev.bulkhead.hal.driver.replay.ReplayDriver;
import dev.bulkhead.hal.driver.socketcan.SocketCanDriver;
import dev.bulkhead.hal.driver.socketcand.SocketcandDriver;
import dev.bulkhead.hal.driver.socketcand.SocketcandServer;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.hal.signal.VssDocument;
import dev.bulkhead.security.policy.ActuatorFrames;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The vehicle an agent is in: its signals, its buses, and what its frames mean; to be mixed in. */
public final class BusOptions {
    private static final long REPLAY_LEAD_NANOS = 1_000_000_000L;
    private static final String KEPT = "kept-signals.json";

    @Option(
            names = "--vss",
            paramLabel = "FILE",
            description =
                    "The vehicle's signals, a VSS export with the mapping of its frames (default: the vehicle that"
                            + " ships).")
    private Path vss = Path.of("default");

    @Option(names = "--overlay", paramLabel = "FILE", description = "Lay this VSS file over it; may repeat.")
    private List<Path> overlays = new ArrayList<>();

    @Option(
            names = "--can",
            paramLabel = "INTERFACE[=BUS]",
            description = "Bring a CAN interface of this machine's kernel, as a bus of that name; may repeat.")
    private List<String> interfaces = new ArrayList<>();

    @Option(names = "--can-fd", description = "Take and send FD frames on kernel interfaces.")
    private boolean fd;

    @Option(
            names = "--can-at",
            paramLabel = "HOST[:PORT]/BUS[=NAME]",
            description = "Bring a bus that a socketcand elsewhere lends; may repeat.")
    private List<String> lent = new ArrayList<>();

    @Option(
            names = "--replay",
            paramLabel = "LOG",
            description = "Play a candump log onto virtual buses named as in the log, a second after the start.")
    private @Nullable Path log;

    @Option(
            names = "--replay-speed",
            paramLabel = "N",
            defaultValue = "1",
            description = "1 is as recorded, 2 twice as fast, 0 at once (default: ${DEFAULT-VALUE}).")
    private double speed = 1;

    @Option(
            names = "--dbc",
            paramLabel = "FILE",
            description = "Map frames to signals and commands to frames by the mapping in the VSS file and this DBC;"
                    + " 'default' is the vehicle's that ships.")
    private @Nullable Path dbc;

    @Option(
            names = "--map-bus",
            paramLabel = "BUS",
            defaultValue = "can0",
            description = "The bus that --dbc describes (default: ${DEFAULT-VALUE}).")
    private String mapBus = "can0";

    @Option(
            names = "--finish",
            paramLabel = "MESSAGE.SIGNAL=HOW",
            description = "Fill this signal of frames we send: counter, xor, sum, crc8-j1850 or crc8-h2f; may repeat.")
    private List<String> finishers = new ArrayList<>();

    @Option(
            names = "--keep",
            paramLabel = "GLOB",
            description = "Keep these signals over power cycles, such as Vehicle.TraveledDistance; may repeat.")
    private List<String> keep = new ArrayList<>();

    private @Nullable VssDocument document;

    private VssDocument document() {
        VssDocument read = document;
        if (read == null) {
            read = HalFiles.vss(vss, overlays);
            document = read;
        }
        return read;
    }

    /** The vehicle's signals. */
    public SignalTree tree() {
        return document().tree();
    }

    private Optional<VehicleMapping> mapping() {
        return Optional.ofNullable(dbc).map(HalFiles::dbc).map(this::mapping);
    }

    private VehicleMapping mapping(DbcDatabase database) {
        try {
            return VehicleMapping.read(document(), tree(), new BusCodec(database));
        } catch (MappingException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead vss show " + vss);
        }
    }

    /** Which frames carry actuators: by the mapping, or by that of the vehicle that ships. */
    public ActuatorFrames frames() {
        return mapping()
                .<ActuatorFrames>map(mapping -> GuardedFrames.of(mapBus, mapping))
                .orElseGet(GuardedFrames::ofDefaultVehicle);
    }

    /** True when buses are brought, so that no vehicle need be simulated. */
    public boolean brings() {
        return !interfaces.isEmpty() || !lent.isEmpty() || log != null;
    }

    /**
     * The names of the buses it brings.
     *
     * @param simulated whether there is a simulated vehicle, which has one
     * @return empty where only a log tells them
     */
    Set<String> buses(boolean simulated) {
        Set<String> names = new TreeSet<>(simulated ? Set.of(DefaultVehicle.BUS) : Set.of());
        interfaces.forEach(text -> names.add(text.substring(text.indexOf('=') + 1)));
        lent.forEach(text -> names.add(text.substring(Math.max(text.lastIndexOf('/'), text.lastIndexOf('=')) + 1)));
        return log == null ? names : Set.of();
    }

    /** True when signals are to be kept over power cycles. */
    public boolean keeps() {
        return !keep.isEmpty();
    }

    /**
     * What was asked for, in the order to start it.
     *
     * @param simulated the simulated vehicle, when there is one
     * @param dataDir where kept signals lie
     */
    public List<Driver> drivers(Optional<Driver> simulated, Path dataDir) {
        List<Driver> drivers = new ArrayList<>();
        try {
            if (!keep.isEmpty()) {
                drivers.add(new KeepingDriver(
                        dataDir.resolve(KEPT),
                        keep.stream().map(SignalGlob::new).toList()));
            }
            simulated.ifPresent(drivers::add);
            interfaces.forEach(text -> drivers.add(kernel(text)));
            lent.forEach(text -> drivers.add(lent(text)));
            if (log != null) {
                drivers.add(replay(log));
            }
            if (dbc != null) {
                DbcDatabase database = HalFiles.dbc(dbc);
                drivers.add(new MappedBusDriver(
                        mapBus, mapping(database), finisher().checkedFor(database)));
            }
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "bulkhead agent --help");
        }
        return drivers;
    }

    private Driver kernel(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        return new SocketCanDriver(name, equals < 0 ? name : text.substring(equals + 1), fd, List.of());
    }

    private static Driver lent(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1) {
            throw new IllegalArgumentException("'" + text + "' is not HOST[:PORT]/BUS[=NAME], as 10.0.0.7/can0");
        }
        String bus = text.substring(slash + 1);
        int equals = bus.indexOf('=');
        String remote = equals < 0 ? bus : bus.substring(0, equals);
        InetSocketAddress server = Addresses.parse(text.substring(0, slash), SocketcandServer.DEFAULT_PORT);
        return new SocketcandDriver(server, remote, equals < 0 ? bus : bus.substring(equals + 1));
    }

    private Driver replay(Path file) {
        List<CandumpLine> lines = HalFiles.candump(file);
        String name = String.valueOf(file.getFileName());
        return speed == 0
                ? ReplayDriver.atOnce(name, lines, REPLAY_LEAD_NANOS)
                : new ReplayDriver(name, lines, speed, REPLAY_LEAD_NANOS);
    }

    private FrameFinishers finisher() {
        FrameFinishers all = FrameFinishers.none();
        for (String text : finishers) {
            int equals = text.indexOf('=');
            int dot = text.indexOf('.');
            if (dot < 1 || equals < dot + 2) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not MESSAGE.SIGNAL=HOW, as Brake.Counter=counter");
            }
            all = all.with(text.substring(0, dot), text.substring(dot + 1, equals), text.substring(equals + 1));
        }
        return all;
    }
}
