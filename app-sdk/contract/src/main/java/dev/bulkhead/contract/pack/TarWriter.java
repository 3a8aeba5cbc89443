package dev.bulkhead.contract.pack;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes plain files into a ustar archive: no time, no owner, mode 644, so that equal files make equal archives. */
final class TarWriter {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /**
     * Adds a file.
     *
     * @throws PackageException when the name is too long for a header: more than 100 bytes that no slash parts into at most 155 and 100
     */
    TarWriter add(String name, byte[] content) {
        byte[] header = new byte[BLOCK];
        int parted = parting(name);
        put(header, 0, name.substring(parted < 0 ? 0 : parted + 1));
        put(header, 345, name.substring(0, Math.max(parted, 0)));
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, String.format("%011o", content.length));
        put(header, 136, "00000000000");
        put(header, 148, "        ");
        header[156] = '0';
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        put(header, 148, String.format("%06o", sum));
        header[154] = 0;
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        return this;
    }

    /** Where a name is parted into prefix and name; -1 when it fits as it is. */
    private static int parting(String name) {
        if (bytes(name) <= 100) {
            return -1;
        }
        for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
            if (bytes(name.substring(0, slash)) <= 155 && bytes(name.substring(slash + 1)) <= 100) {
                return slash;
            }
        }
        throw new PackageException(PackageException.Reason.BAD_NAME, "'" + name + "' is too long for a tar header");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    byte[] finish() {
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }
}
