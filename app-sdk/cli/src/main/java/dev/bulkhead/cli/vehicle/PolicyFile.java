package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.hal.NearestSignal;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.capability.CanAccess;
import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.capability.Cloud;
import dev.bulkhead.contract.capability.Infer;
import dev.bulkhead.contract.capability.Message;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.contract.capability.Storage;
import dev.bulkhead.contract.capability.Wasi;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.security.policy.PolicyException;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The policy a command is given for a vehicle. */
public final class PolicyFile {
    private PolicyFile() {}

    /**
     * Reads the policy, or takes the demo vehicle's; warns of lines that are about nothing this vehicle has.
     *
     * @param buses the vehicle's; empty where they are not known
     */
    public static VehiclePolicy read(@Nullable Path file, Supplier<SignalTree> tree, Set<String> buses, Output output) {
        if (file == null) {
            return VehiclePolicy.demo();
        }
        try {
            VehiclePolicy policy = VehiclePolicy.parse(Files.readString(file), file.toString());
            SignalTree signals = tree.get();
            lines(
                    policy,
                    (origin, line) -> mistake(line.capability(), signals, buses)
                            .ifPresent(mistake -> output.note(origin + ": " + mistake)));
            return policy;
        } catch (IOException e) {
            throw FileFault.unread(file, e, "check the path");
        } catch (PolicyException e) {
            throw CommandFailure.refused(String.valueOf(e.getMessage()), "");
        }
    }

    private static void lines(VehiclePolicy policy, BiConsumer<String, CapabilityLine> visitor) {
        policy.vendors().forEach(vendor -> vendor.lines().forEach(line -> visitor.accept(vendor.origin(), line)));
        policy.rules().forEach(rule -> visitor.accept(rule.origin(), rule.line()));
    }

    private static Optional<String> mistake(Capability capability, SignalTree tree, Set<String> buses) {
        return switch (capability) {
            case SignalRead read -> mistake(read.signals(), tree);
            case SignalActuate actuate -> mistake(actuate.signals(), tree);
            case CanReceive receive -> mistake(receive.access(), buses);
            case CanTransmit transmit -> mistake(transmit.access(), buses);
            case Message _, Cloud _, Storage _, Wasi _, Infer _ -> Optional.empty();
        };
    }

    private static Optional<String> mistake(SignalGlob glob, SignalTree tree) {
        if (!tree.matching(glob::matches).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(glob + " matches no signal of this vehicle"
                + NearestSignal.to(tree, glob)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(""));
    }

    private static Optional<String> mistake(CanAccess access, Set<String> buses) {
        return buses.isEmpty() || buses.contains(access.bus())
                ? Optional.empty()
                : Optional.of("this vehicle has no bus " + access.bus() + ", only " + String.join(", ", buses));
    }
}
