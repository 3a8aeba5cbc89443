package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.CanIds;
import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Cloud;
import dev.bulkhead.contract.capability.Infer;
import dev.bulkhead.contract.capability.Message;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.contract.capability.Storage;
import dev.bulkhead.contract.capability.Wasi;

/** How much a line names: of several lines that cover a request, the one that names it most exactly counts. */
final class Breadth {
    private static final long DEPTH = 1_000_000;
    private static final long LEVEL = 1000;

    private Breadth() {}

    static long of(Capability capability) {
        return switch (capability) {
            case SignalRead read -> pattern(read.signals().text(), '.');
            case SignalActuate actuate -> pattern(actuate.signals().text(), '.');
            case CanReceive receive -> ids(receive.access().ids());
            case CanTransmit transmit -> ids(transmit.access().ids());
            case Message message -> pattern(message.topics().text(), '/');
            case Cloud cloud -> pattern(cloud.topics().text(), '/');
            case Storage storage -> 0;
            case Wasi wasi -> 0;
            case Infer infer -> infer.model().isPresent() ? 0 : 1;
        };
    }

    private static long ids(CanIds ids) {
        return ((long) ids.last() - ids.first()) >>> Math.min(31, Integer.bitCount(ids.mask()));
    }

    private static long pattern(String text, char separator) {
        long breadth = 0;
        for (String level : text.split(separator == '.' ? "\\." : "/", -1)) {
            breadth += switch (level) {
                case "**", "#" -> DEPTH;
                case "*", "+" -> LEVEL;
                default -> -1;
            };
        }
        return breadth;
    }
}
