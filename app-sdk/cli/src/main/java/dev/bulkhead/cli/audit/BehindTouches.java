package dev.bulkhead.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.security.audit.EntryText;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.matrix.MatrixTouch;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The entries a report drills down to: the first and the last behind each touch, the newest ones where there are too many. */
final class BehindTouches {
    private static final int MOST = 2_000;

    private final SortedSet<Long> wanted;
    private final SortedMap<Long, Object> found = new TreeMap<>();

    BehindTouches(AuditMatrix matrix) {
        this.wanted = matrix.rows().stream()
                .flatMap(row -> row.touches().stream())
                .map(MatrixTouch::tally)
                .flatMap(tally -> Stream.of(tally.firstIndex(), tally.lastIndex()))
                .distinct()
                .sorted(Comparator.reverseOrder())
                .limit(MOST)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A JSON object of the entries by their index. */
    String read(AuditSource source) {
        if (source.isExport()) {
            source.verify(Optional.empty(), this::see);
        } else {
            source.read(this::look);
        }
        try {
            return new ObjectMapper().findAndRegisterModules().writeValueAsString(found);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one by one: a few of possibly millions. What retention took is left out. */
    private int look(LogReader reader) {
        wanted.tailSet(reader.firstRetained()).forEach(index -> see(index, reader.entry(index)));
        return found.size();
    }

    private boolean see(long index, byte[] bytes) {
        if (wanted.contains(index)) {
            found.put(index, EntryText.document(index, LogReader.parse(index, bytes)));
        }
        return true;
    }
}
