package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.ControlRequest;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead start|stop|restart|rollback APP}: an operator's wishes for one app. */
@Command(mixinStandardHelpOptions = true)
public abstract sealed class ControlCommands implements Runnable {
    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "APP", description = "App id.")
    private String app;

    abstract ControlRequest.Verb verb();

    @Override
    public void run() {
        try (AgentLink agent = vehicle.open()) {
            ask(agent, output, app, verb());
        }
    }

    /** Asks for one thing and shows how the app stands then. */
    static void ask(AgentLink agent, Output output, String app, ControlRequest.Verb verb) {
        var request = ControlRequest.newBuilder().setAppId(app).setVerb(verb).build();
        AppStatus status = agent.call(stub -> stub.control(request)).getApp();
        if (output.isJson()) {
            output.json(AppRow.of(status));
        } else {
            output.line(verb.name().toLowerCase(Locale.ROOT) + " " + status.getAppId() + ": " + status.getPhase() + ", "
                    + status.getCause());
        }
    }

    @Command(name = "start", description = "Let an app run; also releases it from quarantine.")
    public static final class Start extends ControlCommands {
        @Override
        ControlRequest.Verb verb() {
            return ControlRequest.Verb.START;
        }
    }

    @Command(name = "stop", description = "Stop an app and keep it stopped.")
    public static final class Stop extends ControlCommands {
        @Override
        ControlRequest.Verb verb() {
            return ControlRequest.Verb.STOP;
        }
    }

    @Command(name = "restart", description = "Stop an app and start it again.")
    public static final class Restart extends ControlCommands {
        @Override
        ControlRequest.Verb verb() {
            return ControlRequest.Verb.RESTART;
        }
    }

    @Command(name = "rollback", description = "Go back to the version before the running one.")
    public static final class Rollback extends ControlCommands {
        @Override
        ControlRequest.Verb verb() {
            return ControlRequest.Verb.ROLLBACK;
        }
    }
}
