package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.ControlRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bulkhead start|stop|restart|quarantine|rollback APP}: an operator's wishes for one app. */
@Command(mixinStandardHelpOptions = true)
public abstract sealed class ControlCommands implements Runnable {
    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "APP", description = "App id.")
    private String app;

    @Spec
    private CommandSpec spec;

    abstract ControlRequest.Verb verb();

    @Override
    public void run() {
        try (AgentLink agent = vehicle.open()) {
            var request =
                    ControlRequest.newBuilder().setAppId(app).setVerb(verb()).build();
            AppStatus status = agent.call(stub -> stub.control(request)).getApp();
            if (output.isJson()) {
                output.json(AppRow.of(status));
            } else {
                output.line(
                        spec.name() + " " + status.getAppId() + ": " + status.getPhase() + ", " + status.getCause());
            }
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

    @Command(name = "quarantine", description = "Wall an app off until it is started again or updated.")
    public static final class Quarantine extends ControlCommands {
        @Override
        ControlRequest.Verb verb() {
            return ControlRequest.Verb.QUARANTINE;
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
