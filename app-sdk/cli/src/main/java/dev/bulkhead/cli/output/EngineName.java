package dev.bulkhead.cli.output;

import dev.bulkhead.agent.sandbox.EngineKind;

/** The argument of {@code --engine}: {@code bulkhead} or {@code plain}. */
public final class EngineName {
    private EngineName() {}

    /**
     * Reads the name.
     *
     * @param help what to run to learn more
     * @throws CommandFailure for any other name
     */
    public static EngineKind parse(String name, String help) {
        return switch (name) {
            case "bulkhead" -> EngineKind.BULKHEAD;
            case "plain" -> EngineKind.PLAIN;
            default -> throw CommandFailure.usage("no engine " + name + "; there are bulkhead and plain", help);
        };
    }
}
