package dev.bulkhead.security.audit.evidence;

import dev.bulkhead.security.audit.EntryChunk;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Tile;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.SignedNote;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a log, as of its newest checkpoint, in the C2SP tlog-tiles layout: {@code checkpoint}, {@code tile/<L>/<N>},
 * {@code tile/entries/<N>}; and in {@code checkpoints} all heads that were ever signed, divided by empty lines. Bundles
 * of entries that were dropped are missing; their hashes are not.
 */
public final class LogExporter {
    private final LogReader reader;

    /** Exports from this reader; the log may grow meanwhile. */
    public LogExporter(LogReader reader) {
        this.reader = reader;
    }

    /**
     * Hands all files to the sink.
     *
     * @return how many entries the exported head covers
     * @throws EvidenceException if the log has no checkpoint yet
     */
    public long export(FileSink sink) {
        byte[] newest = reader.newestCheckpoint()
                .orElseThrow(() -> new EvidenceException("the log has no checkpoint yet; make one first"));
        long size = Checkpoint.parse(SignedNote.parse(newest).text()).size();
        sink.accept(LogLayout.CHECKPOINT, newest);
        sink.accept(LogLayout.HISTORY, history(size));
        for (Tile tile : LogLayout.tiles(size)) {
            sink.accept(tile.path(), Arrays.copyOf(reader.tile(tile), tile.width() * Hash.SIZE));
        }
        bundles(size, sink);
        return size;
    }

    private byte[] history(long size) {
        var notes = new ByteArrayOutputStream();
        reader.visitCheckpoints((at, note) -> {
            if (at <= size) {
                if (notes.size() > 0) {
                    notes.write('\n');
                }
                notes.writeBytes(note);
            }
        });
        return notes.toByteArray();
    }

    private void bundles(long size, FileSink sink) {
        List<byte[]> bundle = new ArrayList<>();
        long first = reader.firstRetained();
        if (first >= size) {
            return;
        }
        reader.visit(first, size, (index, entry) -> {
            bundle.add(entry);
            if (bundle.size() == Tile.WIDTH || index == size - 1) {
                Tile tile = new Tile(0, index / Tile.WIDTH, bundle.size());
                sink.accept(tile.entriesPath(), EntryChunk.encode(bundle));
                bundle.clear();
            }
            return true;
        });
    }
}
