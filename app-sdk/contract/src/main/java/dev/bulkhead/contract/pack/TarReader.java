package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.pack.PackageException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files and folders of a ustar archive in their order; everything else a tar file can hold is refused. No length is trusted. */
final class TarReader {
    private static final int BLOCK = 512;
    private static final Pattern OCTAL = Pattern.compile("[0-7]{1,11}");
    /** Most bytes set aside because a header says so. */
    private static final int FIRST_CHUNK = 1 << 20;

    /**
     * One header.
     *
     * @param name as it stands there, each byte a character
     * @param size bytes of content; 0 for a folder
     */
    record Entry(String name, boolean folder, long size) {}

    private final InputStream in;
    private final int mostEntries;
    private final byte[] block = new byte[BLOCK];
    private Entry current = new Entry("", true, 0);
    private long unread;
    private long position;
    private int headers;

    TarReader(InputStream in, int mostEntries) {
        this.in = in;
        this.mostEntries = mostEntries;
    }

    /** The next entry, whose content may be taken; null at the end of the archive, behind which nothing may lie. */
    @Nullable
    Entry next() throws IOException {
        skipContent();
        readBlock();
        if (isZero(BLOCK)) {
            checkEnd();
            return null;
        }
        if (++headers > mostEntries) {
            throw new PackageException(Reason.TOO_LARGE, "more than " + mostEntries + " tar entries");
        }
        current = header(position - BLOCK);
        unread = current.size();
        return current;
    }

    /** The content of the entry. */
    byte[] content() throws IOException {
        byte[] bytes = new byte[(int) Math.min(unread, FIRST_CHUNK)];
        int got = 0;
        while (unread > 0) {
            if (got == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(current.size(), 2L * bytes.length));
            }
            int count = readSome(bytes, got, bytes.length - got);
            unread -= count;
            got += count;
        }
        return bytes;
    }

    private int readSome(byte[] into, int from, int length) throws IOException {
        int count = in.readNBytes(into, from, length);
        position += count;
        if (count < length) {
            throw new PackageException(
                    Reason.TRUNCATED,
                    "'" + TarText.shown(current.name()) + "' says " + current.size() + " bytes, the archive ends after "
                            + (current.size() - unread + count) + " of them");
        }
        return count;
    }

    private void skipContent() throws IOException {
        while (unread > 0) {
            unread -= readSome(block, 0, (int) Math.min(unread, BLOCK));
        }
        int padding = (int) ((BLOCK - position % BLOCK) % BLOCK);
        if (in.readNBytes(block, 0, padding) < padding) {
            throw new PackageException(
                    Reason.TRUNCATED, "the file ends inside the padding of '" + TarText.shown(current.name()) + "'");
        }
        position += padding;
        // nothing hides where no digest looks
        if (!isZero(padding)) {
            throw new PackageException(
                    Reason.BAD_HEADER,
                    "the padding of '" + TarText.shown(current.name()) + "', before byte " + position
                            + ", is not zero");
        }
    }

    private void readBlock() throws IOException {
        int count = in.readNBytes(block, 0, BLOCK);
        position += count;
        if (count < BLOCK) {
            throw new PackageException(
                    Reason.TRUNCATED, "the file ends at byte " + position + ", inside the tar archive");
        }
    }

    private boolean isZero(int length) {
        for (int i = 0; i < length; i++) {
            if (block[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void checkEnd() throws IOException {
        int count = in.readNBytes(block, 0, BLOCK);
        while (count > 0) {
            if (!isZero(count)) {
                throw new PackageException(
                        Reason.BAD_HEADER, "what follows byte " + position + " lies behind the end of the tar archive");
            }
            position += count;
            count = in.readNBytes(block, 0, BLOCK);
        }
    }

    private Entry header(long at) {
        checkSum(at);
        String name = name();
        long size = octal(at, 124, 12, "size");
        byte type = block[156];
        if (type == '5' && size == 0) {
            return new Entry(name, true, 0);
        }
        if (type != '0' && type != 0) {
            throw new PackageException(
                    Reason.BAD_HEADER,
                    "'" + TarText.shown(name) + "' is not a plain file (tar type " + TarText.printable(type) + ")");
        }
        if (size > Integer.MAX_VALUE - 8) {
            throw new PackageException(Reason.TOO_LARGE, "'" + TarText.shown(name) + "' says " + size + " bytes");
        }
        return new Entry(name, false, size);
    }

    private void checkSum(long at) {
        String magic = new String(block, 257, 5, StandardCharsets.ISO_8859_1);
        long said = magic.equals("ustar") ? octal(at, 148, 8, "checksum") : -1;
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xFF;
        }
        if (sum != said) {
            throw new PackageException(
                    Reason.BAD_HEADER, "no tar header at byte " + at + ": this is not a package, or it is damaged");
        }
    }

    private String name() {
        String name = TarText.zeroEnded(block, 0, 100);
        boolean posix = block[262] == 0;
        String prefix = posix ? TarText.zeroEnded(block, 345, 155) : "";
        String whole = prefix.isEmpty() ? name : prefix + "/" + name;
        return whole.startsWith("./") ? whole.substring(2) : whole;
    }

    private long octal(long at, int offset, int length, String what) {
        String text = TarText.zeroEnded(block, offset, length).strip();
        if (!OCTAL.matcher(text).matches()) {
            throw new PackageException(Reason.BAD_HEADER, "the tar header at byte " + at + " has no readable " + what);
        }
        return Long.parseLong(text, 8);
    }
}
