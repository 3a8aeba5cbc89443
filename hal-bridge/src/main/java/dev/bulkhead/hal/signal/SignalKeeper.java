package dev.bulkhead.hal.signal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps chosen signals over power cycles, such as a trip meter: in one JSON file, replaced as a whole so that a cut of power leaves the
 * old one or the new one. Thread-safe.
 */
public final class SignalKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SignalKeeper.class);
    private static final int MAX_BYTES = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final SignalStore store;
    private final List<SignalLeaf> kept;
    /** What the file holds of them; a signal that has no value at the moment keeps the last one it had. */
    private ObjectNode values = JSON.createObjectNode();

    /** @param kept the signals to keep; others in the file are left out */
    public SignalKeeper(Path file, SignalStore store, List<SignalLeaf> kept) {
        this.file = file;
        this.store = store;
        this.kept = List.copyOf(kept);
    }

    /** Publishes what was kept, stamped as of now; returns how many. A file that cannot be read keeps nothing. */
    public synchronized int restore() {
        try {
            if (!Files.exists(file) || Files.size(file) > MAX_BYTES) {
                return 0;
            }
            JsonNode read = JSON.readTree(Files.readAllBytes(file));
            int restored = 0;
            for (SignalLeaf leaf : kept) {
                Optional<SignalValue> value = Optional.ofNullable(read.get(leaf.path()))
                        .flatMap(json -> JsonValues.parse(json, leaf.type()))
                        .filter(parsed -> leaf.fit(parsed) == SignalLeaf.Fit.FITS);
                if (value.isPresent()
                        && store.publish(leaf.id(), value.get(), store.clock().nanos())) {
                    values.set(leaf.path(), JsonValues.toJson(value.get()));
                    restored++;
                }
            }
            return restored;
        } catch (IOException e) {
            LOG.warn("kept signals in {} cannot be read, beginning without: {}", file, e.getMessage());
            return 0;
        }
    }

    /**
     * Writes the present values, durably; does nothing when they are the ones the file holds.
     *
     * @throws IOException when the disk does not take them; the old file stays
     */
    public synchronized void save() throws IOException {
        ObjectNode present = values.deepCopy();
        for (SignalLeaf leaf : kept) {
            store.cell(leaf.id()).value().ifPresent(value -> present.set(leaf.path(), JsonValues.toJson(value)));
        }
        if (present.equals(values) && Files.exists(file)) {
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                OutputStream out = Channels.newOutputStream(channel)) {
            out.write(JSON.writeValueAsBytes(present));
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        values = present;
    }
}
