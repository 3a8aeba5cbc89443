package dev.bulkhead.agent.host;

/**
 * An open handle, or a topic filter that was subscribed to, for people.
 *
 * @param handle 0 for a filter
 */
public record OpenHandle(int handle, String kind, String subject, String mode, long uses) {
    static OpenHandle of(Resource resource) {
        return switch (resource) {
            case SignalResource signal ->
                new OpenHandle(signal.handle(), "signal", signal.subject(), mode(signal), signal.uses());
            case CanResource can -> new OpenHandle(can.handle(), "can", can.subject(), can.mode(), can.uses());
        };
    }

    private static String mode(SignalResource signal) {
        String base = switch (signal.mode()) {
            case 1 -> "read";
            case 2 -> "actuate";
            default -> "read actuate";
        };
        return signal.feed() == null ? base : base + " subscribed";
    }
}
