package dev.bulkhead.agent.files;

import dev.bulkhead.agent.sandbox.HostCall;
import dev.bulkhead.contract.pack.Assets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of {@code wasi_snapshot_preview1} that works on files: descriptors from 3 on, over what is opened beforehand, a scratch directory as {@code /}
 * and the assets as {@code /assets}, each where the guest has it. Answers are WASI's error numbers. Strand only.
 */
public final class WasiFiles {
    private final Map<String, HostCall> functions = new LinkedHashMap<>();

    /**
     * @param purse pays for scratch files and descriptors
     * @param scratch whether there is a scratch directory
     * @param assets what lies in the other; empty when there is none
     */
    public WasiFiles(MemoryPurse purse, boolean scratch, Optional<Assets> assets) {
        List<Volume> volumes = new ArrayList<>();
        if (scratch) {
            volumes.add(new ScratchTree(purse));
        }
        assets.map(AssetVolume::new).ifPresent(volumes::add);
        Descriptors descriptors = new Descriptors(purse, volumes);
        new DescriptorCalls(descriptors).bind(functions);
        new ContentCalls(descriptors).bind(functions);
        new PathCalls(descriptors).bind(functions);
    }

    /** The names of the functions there are, whatever directories a guest has. */
    public static Set<String> names() {
        return new WasiFiles(MemoryPurse.bottomless(), false, Optional.empty()).functions.keySet();
    }

    /**
     * One of the functions, arguments in the order of the specification. Those that also take the streams do not know them.
     *
     * @throws IllegalArgumentException when it is none of {@link #names}
     */
    public HostCall function(String name) {
        HostCall function = functions.get(name);
        if (function == null) {
            throw new IllegalArgumentException("no function of files: " + name);
        }
        return function;
    }
}
