package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.pack.PackageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The plain files of a ustar archive; everything else a tar file can hold is refused. */
final class TarEntries {
    private static final int BLOCK = 512;

    private final byte[] tar;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private int headers;

    private TarEntries(byte[] tar) {
        this.tar = tar;
    }

    /** Name to content, in the file's order. Directories are looked over and left out. */
    static Map<String, byte[]> read(byte[] tar) {
        TarEntries entries = new TarEntries(tar);
        int at = 0;
        while (!entries.isEnd(at)) {
            at = entries.one(at);
        }
        return entries.files;
    }

    private boolean isEnd(int at) {
        if (tar.length - at < BLOCK) {
            throw new PackageException(
                    Reason.TRUNCATED, "the file ends at byte " + tar.length + ", inside the tar archive");
        }
        for (int i = at; i < at + BLOCK; i++) {
            if (tar[i] != 0) {
                return false;
            }
        }
        for (int i = at + BLOCK; i < tar.length; i++) {
            if (tar[i] != 0) {
                throw new PackageException(Reason.BAD_HEADER, "byte " + i + " lies behind the end of the tar archive");
            }
        }
        return true;
    }

    private int one(int at) {
        if (++headers > PackageLimits.MOST_ENTRIES) {
            throw new PackageException(Reason.TOO_LARGE, "more than " + PackageLimits.MOST_ENTRIES + " tar entries");
        }
        checkSum(at);
        String name = name(at);
        long size = octal(at, 124, 12, "size");
        byte type = tar[at + 156];
        int start = at + BLOCK;
        if (type == '5' && size == 0) {
            return start;
        }
        if (type != '0' && type != 0) {
            throw new PackageException(
                    Reason.BAD_HEADER, "'" + name + "' is not a plain file (tar type " + TarText.printable(type) + ")");
        }
        if (size > tar.length - start) {
            throw new PackageException(
                    Reason.TRUNCATED, "'" + name + "' says " + size + " bytes, the file has " + (tar.length - start));
        }
        int end = start + (int) size;
        if (files.put(name, Arrays.copyOfRange(tar, start, end)) != null) {
            throw new PackageException(Reason.DUPLICATE, "'" + name + "' is there twice");
        }
        long next = (end + (long) BLOCK - 1) / BLOCK * BLOCK;
        if (next > tar.length) {
            throw new PackageException(Reason.TRUNCATED, "the file ends inside the padding of '" + name + "'");
        }
        checkPadding(name, end, (int) next);
        return (int) next;
    }

    /** Nothing hides where no digest looks. */
    private void checkPadding(String name, int from, int to) {
        for (int i = from; i < to; i++) {
            if (tar[i] != 0) {
                throw new PackageException(
                        Reason.BAD_HEADER, "byte " + i + " lies in the padding of '" + name + "' and is not zero");
            }
        }
    }

    private void checkSum(int at) {
        String magic = new String(tar, at + 257, 5, StandardCharsets.ISO_8859_1);
        long said = magic.equals("ustar") ? octal(at, 148, 8, "checksum") : -1;
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : tar[at + i] & 0xFF;
        }
        if (sum != said) {
            throw new PackageException(
                    Reason.BAD_HEADER, "no tar header at byte " + at + ": this is not a package, or it is damaged");
        }
    }

    private String name(int at) {
        String name = TarText.zeroEnded(tar, at, 100);
        boolean posix = tar[at + 262] == 0;
        String prefix = posix ? TarText.zeroEnded(tar, at + 345, 155) : "";
        String whole = prefix.isEmpty() ? name : prefix + "/" + name;
        if (whole.startsWith("./")) {
            whole = whole.substring(2);
        }
        TarText.checkName(whole);
        return whole;
    }

    private long octal(int at, int offset, int length, String what) {
        String text = TarText.zeroEnded(tar, at + offset, length).strip();
        if (!text.matches("[0-7]{1,11}")) {
            throw new PackageException(Reason.BAD_HEADER, "the tar header at byte " + at + " has no readable " + what);
        }
        return Long.parseLong(text, 8);
    }
}
