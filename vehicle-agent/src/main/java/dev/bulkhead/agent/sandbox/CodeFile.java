package dev.bulkhead.agent.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Classes as one file: an HMAC of the table of contents, the table, then the classes. The table says each class's name, length and SHA-256, so that
 * a class is verified when it is first wanted, and a start does not pay for those it does not call. Bytes are held from the time of reading: what
 * happens to the file afterwards does not matter.
 */
final class CodeFile implements StoredClasses {
    private static final int HASH = 32;
    /** The most functions a module may have, in their classes, and the pieces of the most code it may have. */
    private static final int MOST_CLASSES = 20_000;

    private final byte[] file;
    private final Map<String, Place> places;
    private final Runnable damaged;

    @SuppressWarnings("ArrayRecordComponent") // of this file only
    private record Place(int start, int length, byte[] sha256) {}

    private CodeFile(byte[] file, Map<String, Place> places, Runnable damaged) {
        this.file = file;
        this.places = places;
        this.damaged = damaged;
    }

    /** The file's bytes; the same classes give the same. */
    static byte[] write(Map<String, byte[]> classes, UnaryOperator<byte[]> authentic) {
        TreeMap<String, byte[]> sorted = new TreeMap<>(classes);
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(table)) {
            out.writeInt(sorted.size());
            for (Map.Entry<String, byte[]> entry : sorted.entrySet()) {
                byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
                out.writeInt(name.length);
                out.write(name);
                out.writeInt(entry.getValue().length);
                out.write(Hmac.sha256().digest(entry.getValue()));
                bodies.writeBytes(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] contents = table.toByteArray();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(authentic.apply(contents));
        whole.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(contents.length).array());
        whole.writeBytes(contents);
        whole.writeBytes(bodies.toByteArray());
        return whole.toByteArray();
    }

    /**
     * Opens a file.
     *
     * @param damaged told when a class is not what the table says
     * @return empty if the table is not authentic, or the file is not as long as it says
     */
    static Optional<StoredClasses> open(byte[] file, UnaryOperator<byte[]> authentic, Runnable damaged) {
        try {
            ByteBuffer in = ByteBuffer.wrap(file);
            byte[] mac = bytes(in, HASH);
            byte[] table = bytes(in, in.getInt());
            if (!MessageDigest.isEqual(mac, authentic.apply(table))) {
                return Optional.empty();
            }
            Map<String, Place> places = places(ByteBuffer.wrap(table), in.position());
            int end = places.values().stream()
                    .mapToInt(place -> place.start + place.length)
                    .max()
                    .orElse(in.position());
            return end == file.length ? Optional.of(new CodeFile(file, places, damaged)) : Optional.empty();
        } catch (BufferUnderflowException cut) {
            return Optional.empty();
        }
    }

    private static Map<String, Place> places(ByteBuffer table, int start) {
        int count = table.getInt();
        if (count < 0 || count > MOST_CLASSES) {
            throw new BufferUnderflowException();
        }
        Map<String, Place> places = new LinkedHashMap<>();
        int at = start;
        for (int i = 0; i < count; i++) {
            String name = new String(bytes(table, table.getInt()), StandardCharsets.UTF_8);
            int length = table.getInt();
            places.put(name, new Place(at, length, bytes(table, HASH)));
            at = Math.addExact(at, length);
        }
        return places;
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    @Override
    public boolean contains(String name) {
        return places.containsKey(name);
    }

    @Override
    public Optional<byte[]> find(String name) {
        Place place = places.get(name);
        if (place == null) {
            return Optional.empty();
        }
        byte[] bytes = Arrays.copyOfRange(file, place.start, place.start + place.length);
        if (!MessageDigest.isEqual(place.sha256, Hmac.sha256().digest(bytes))) {
            damaged.run();
            return Optional.empty();
        }
        return Optional.of(bytes);
    }
}
