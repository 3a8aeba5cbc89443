package dev.bulkhead.security.audit.evidence;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@link LogArchiveWriter} wrote. */
public final class LogArchive implements LogFiles {
    private static final Pattern HEADER = Pattern.compile("(0|[1-9][0-9]{0,9}) ([a-z0-9/.]{1,100})");
    private static final int LONGEST_HEADER = 112;
    private static final int MOST_FILES = 10_000_000;

    private record Place(long offset, long length) {}

    private final RandomAccessFile file;
    private final Map<String, Place> places = new TreeMap<>();

    private LogArchive(RandomAccessFile file) {
        this.file = file;
    }

    /**
     * Opens an archive and finds its files.
     *
     * @throws EvidenceException if it is no archive, or cut off, and at which byte
     */
    public static LogArchive open(Path path) {
        try {
            var archive = new LogArchive(new RandomAccessFile(path.toFile(), "r"));
            try {
                archive.index();
                return archive;
            } catch (IOException | RuntimeException e) {
                archive.close();
                throw e;
            }
        } catch (IOException e) {
            throw new EvidenceException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private void index() throws IOException {
        long at = 0;
        String first = line(at);
        if (!(first + "\n").equals(LogArchiveWriter.FIRST_LINE)) {
            throw new EvidenceException("not an exported audit log: the first line is not 'bulkhead-audit-log 1'");
        }
        at += first.length() + 1;
        while (at < file.length()) {
            String header = line(at);
            Matcher matcher = HEADER.matcher(header);
            if (!matcher.matches()) {
                throw new EvidenceException("the export is damaged at byte " + at + ": expected '<length> <path>'");
            }
            long length = Long.parseLong(matcher.group(1));
            at += header.length() + 1;
            if (length > file.length() - at) {
                throw new EvidenceException("the export is cut off: " + matcher.group(2) + " at byte " + at + " has "
                        + (file.length() - at) + " of " + length + " bytes");
            }
            if (places.size() >= MOST_FILES || places.put(matcher.group(2), new Place(at, length)) != null) {
                throw new EvidenceException("the export holds " + matcher.group(2) + " twice, at byte " + at);
            }
            at += length;
        }
    }

    private String line(long at) throws IOException {
        byte[] bytes = new byte[(int) Math.min(LONGEST_HEADER, file.length() - at)];
        file.seek(at);
        file.readFully(bytes);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return new String(bytes, 0, i, StandardCharsets.ISO_8859_1);
            }
        }
        throw new EvidenceException("the export is damaged at byte " + at + ": a line does not end");
    }

    @Override
    public Set<String> paths() {
        return Collections.unmodifiableSet(places.keySet());
    }

    @Override
    public Optional<byte[]> read(String path, int cap) {
        Place place = places.get(path);
        if (place == null) {
            return Optional.empty();
        }
        if (place.length() > cap) {
            throw new EvidenceException(path + " has more than " + cap + " bytes");
        }
        byte[] bytes = new byte[(int) place.length()];
        try {
            file.seek(place.offset());
            file.readFully(bytes);
            return Optional.of(bytes);
        } catch (IOException e) {
            throw new EvidenceException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new EvidenceException("cannot close the export: " + e.getMessage(), e);
        }
    }
}
