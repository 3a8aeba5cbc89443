package dev.bulkhead.contract.abi;

import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Cloud;
import dev.bulkhead.contract.capability.Flow;
import dev.bulkhead.contract.capability.Message;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.contract.capability.Storage;
import dev.bulkhead.contract.capability.Wasi;
import java.util.Collection;

/** Which kind of capability an app must have requested to import a function. The call itself is decided on its own. */
public enum Need {
    NOTHING("nothing"),
    SIGNAL("signal … read or actuate"),
    ACTUATE("signal … actuate"),
    CAN("can … rx or tx"),
    CAN_RX("can … rx"),
    CAN_TX("can … tx"),
    PUBLISH("message or cloud … publish"),
    SUBSCRIBE("message or cloud … subscribe"),
    STORAGE("storage …"),
    WASI_STREAMS("wasi stdio, scratch or assets"),
    WASI_CLOCKS("wasi clocks"),
    WASI_RANDOM("wasi random"),
    WASI_FILES("wasi scratch or assets");

    private final String spelling;

    Need(String spelling) {
        this.spelling = spelling;
    }

    /** Whether one of the requested capabilities covers it. */
    public boolean coveredBy(Collection<? extends Capability> requested) {
        return this == NOTHING || requested.stream().anyMatch(this::coveredBy);
    }

    private boolean coveredBy(Capability c) {
        return switch (this) {
            case NOTHING -> true;
            case SIGNAL -> c instanceof SignalRead || c instanceof SignalActuate;
            case ACTUATE -> c instanceof SignalActuate;
            case CAN -> c instanceof CanReceive || c instanceof CanTransmit;
            case CAN_RX -> c instanceof CanReceive;
            case CAN_TX -> c instanceof CanTransmit;
            case PUBLISH -> flows(c, Flow.PUBLISH);
            case SUBSCRIBE -> flows(c, Flow.SUBSCRIBE);
            case STORAGE -> c instanceof Storage;
            case WASI_STREAMS -> isWasi(c, Wasi.Part.STDIO) || hasFiles(c);
            case WASI_CLOCKS -> isWasi(c, Wasi.Part.CLOCKS);
            case WASI_RANDOM -> isWasi(c, Wasi.Part.RANDOM);
            case WASI_FILES -> hasFiles(c);
        };
    }

    private static boolean flows(Capability capability, Flow flow) {
        return (capability instanceof Message m && m.flow() == flow)
                || (capability instanceof Cloud c && c.flow() == flow);
    }

    private static boolean hasFiles(Capability capability) {
        return isWasi(capability, Wasi.Part.SCRATCH) || isWasi(capability, Wasi.Part.ASSETS);
    }

    private static boolean isWasi(Capability capability, Wasi.Part part) {
        return capability instanceof Wasi wasi && wasi.part() == part;
    }

    /** The capability line to ask for, for error messages. */
    @Override
    public String toString() {
        return spelling;
    }
}
