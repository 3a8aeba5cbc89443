package dev.bulkhead.hal.driver.databroker;

import dev.bulkhead.hal.databroker.ProtoValues;
import dev.bulkhead.hal.databroker.proto.v2.Metadata;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.signal.SignalLeaf;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our leaves under the names one connection's peer has for them; its numbers hold until it restarts. What it does not know, or knows with
 * another datatype, is left out.
 *
 * @param take by path
 * @param command paths
 * @param provide by the peer's number
 * @param accept by the peer's number
 */
record PeerNames(
        Map<String, SignalLeaf> take,
        Set<String> command,
        Map<Integer, SignalLeaf> provide,
        Map<Integer, SignalLeaf> accept) {
    private static final Logger LOG = LoggerFactory.getLogger(PeerNames.class);

    /**
     * @param mayRead which of our signals the peer may be told
     * @param metadata what the peer says it has
     */
    static PeerNames match(PeerPlan plan, Predicate<SignalLeaf> mayRead, List<Metadata> metadata) {
        Map<String, Metadata> known = new HashMap<>();
        metadata.forEach(one -> known.put(one.getPath(), one));
        Set<SignalLeaf> provide = plan.provide().stream().filter(mayRead).collect(Collectors.toSet());
        return new PeerNames(
                fitting(plan.take(), known).keySet().stream().collect(Collectors.toMap(SignalLeaf::path, leaf -> leaf)),
                fitting(plan.command(), known).keySet().stream()
                        .map(SignalLeaf::path)
                        .collect(Collectors.toUnmodifiableSet()),
                numbered(fitting(provide, known)),
                numbered(fitting(plan.accept(), known)));
    }

    private static Map<SignalLeaf, Integer> fitting(Set<SignalLeaf> wanted, Map<String, Metadata> known) {
        Map<SignalLeaf, Integer> fitting = new LinkedHashMap<>();
        for (SignalLeaf leaf : wanted) {
            Metadata theirs = known.get(leaf.path());
            if (theirs == null) {
                LOG.warn("the databroker does not know {}", leaf.path());
            } else if (theirs.getDataTypeValue() != ProtoValues.dataType(leaf.type())) {
                LOG.warn("{} is a {} at the databroker, {} here", leaf.path(), theirs.getDataType(), leaf.type());
            } else {
                fitting.put(leaf, theirs.getId());
            }
        }
        return fitting;
    }

    private static Map<Integer, SignalLeaf> numbered(Map<SignalLeaf, Integer> fitting) {
        Map<Integer, SignalLeaf> byId = new LinkedHashMap<>();
        fitting.forEach((leaf, id) -> byId.put(id, leaf));
        return byId;
    }

    /** The actuator a command of the peer means; empty when it is none we provide. */
    Optional<SignalLeaf> accepted(SignalID id) {
        return switch (id.getSignalCase()) {
            case ID -> Optional.ofNullable(accept.get(id.getId()));
            case PATH ->
                accept.values().stream()
                        .filter(leaf -> leaf.path().equals(id.getPath()))
                        .findFirst();
            case SIGNAL_NOT_SET -> Optional.empty();
        };
    }

    boolean isEmpty() {
        return take.isEmpty() && command.isEmpty() && provide.isEmpty() && accept.isEmpty();
    }
}
