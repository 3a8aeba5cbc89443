package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.contract.proto.AppConfig;
import dev.bulkhead.contract.proto.ConfigureRequest;
import dev.bulkhead.contract.proto.ShowConfigRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bulkhead config}: what operators set for an app, which reads it with {@code config_get}. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Show and change the configuration of an app in a running agent.",
        footer = {
            "",
            "A change is durable when the command ends, and an app that runs is told at once. It holds over restarts and updates, and",
            "goes with the app. Keys that nobody set have what the vehicle was built with.",
            "",
            "Examples:",
            "  bulkhead config show com.acme.climate",
            "  bulkhead config set com.acme.climate target=21.5 mode=eco",
            "  bulkhead config unset com.acme.climate mode"
        },
        subcommands = {ConfigCommand.Show.class, ConfigCommand.Set.class, ConfigCommand.Unset.class})
public final class ConfigCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw CommandFailure.usage(
                "which of " + String.join(", ", spec.subcommands().keySet()) + "?", "bulkhead config --help");
    }

    private record Document(String app, Map<String, String> values) {}

    /** What the three have in common. */
    @Command(mixinStandardHelpOptions = true)
    abstract static sealed class Call implements Runnable {
        @Mixin
        private VehicleChoice vehicle;

        @Mixin
        private Output output;

        @Parameters(index = "0", paramLabel = "APP", description = "App id.")
        private String app;

        abstract AppConfig ask(AgentLink agent, String appId);

        @Override
        public void run() {
            try (AgentLink agent = vehicle.open()) {
                show(new TreeMap<>(ask(agent, app).getValuesMap()));
            }
        }

        private void show(Map<String, String> values) {
            if (output.isJson()) {
                output.json(new Document(app, values));
            } else if (values.isEmpty()) {
                output.line("nothing is set for " + app);
            } else {
                Table table = new Table("KEY", "VALUE");
                values.forEach(table::row);
                output.table(table);
            }
        }

        static AppConfig configure(AgentLink agent, ConfigureRequest.Builder request) {
            return agent.call(stub -> stub.configure(request.build()));
        }
    }

    @Command(name = "show", description = "Show what is set.")
    static final class Show extends Call {
        @Override
        AppConfig ask(AgentLink agent, String appId) {
            return agent.call(stub -> stub.showConfig(
                    ShowConfigRequest.newBuilder().setAppId(appId).build()));
        }
    }

    @Command(name = "set", description = "Set values, all or none.")
    static final class Set extends Call {
        @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE", description = "A key and its value.")
        private List<String> values;

        @Override
        AppConfig ask(AgentLink agent, String appId) {
            ConfigureRequest.Builder request = ConfigureRequest.newBuilder().setAppId(appId);
            for (String text : values) {
                int equals = text.indexOf('=');
                if (equals < 1 || equals == text.length() - 1) {
                    throw CommandFailure.usage(
                            "'" + text + "' is not KEY=VALUE", "bulkhead config unset APP KEY takes a value away");
                }
                String key = text.substring(0, equals);
                if (request.containsSet(key)) {
                    throw CommandFailure.usage(key + " is given twice", "once is enough");
                }
                request.putSet(key, text.substring(equals + 1));
            }
            return configure(agent, request);
        }
    }

    @Command(
            name = "unset",
            description = "Take values away, all or none; what the vehicle was built with holds again.")
    static final class Unset extends Call {
        @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY", description = "A key.")
        private List<String> keys;

        @Override
        AppConfig ask(AgentLink agent, String appId) {
            return configure(
                    agent, ConfigureRequest.newBuilder().setAppId(appId).addAllUnset(keys));
        }
    }
}
