package dev.bulkhead.security.keys;

import dev.bulkhead.security.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** PEM text (RFC 7468): labelled base64 blocks. */
public final class Pem {
    private static final int MAX_CHARACTERS = 1 << 20;
    private static final int MAX_BLOCKS = 64;
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /**
     * One block.
     *
     * @param label such as {@code CERTIFICATE}
     * @param content the decoded bytes
     */
    public record Block(String label, Bytes content) {
        /** A copy of the decoded bytes. */
        public byte[] der() {
            return content.toArray();
        }
    }

    private Pem() {}

    /** The block as text with 64-character lines and a final line feed. */
    public static String encode(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return BEGIN + label + DASHES + "\n" + body + "\n-----END " + label + DASHES + "\n";
    }

    /**
     * All blocks of a text; text between blocks is skipped.
     *
     * @throws KeyException when a block is malformed, or there are more than 64, or more than 1 MiB of text
     */
    public static List<Block> decode(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new KeyException("PEM text of " + text.length() + " characters, limit " + MAX_CHARACTERS);
        }
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            if (blocks.size() == MAX_BLOCKS) {
                throw new KeyException("more than " + MAX_BLOCKS + " PEM blocks");
            }
            int end = decodeBlock(text, at, blocks);
            at = text.indexOf(BEGIN, end);
        }
        return blocks;
    }

    /** The first block with one of these labels, if there is one. */
    public static Optional<Block> find(String text, String... labels) {
        List<String> wanted = List.of(labels);
        return decode(text).stream()
                .filter(block -> wanted.contains(block.label()))
                .findFirst();
    }

    static byte[] publicDer(String pem) {
        return find(pem, "PUBLIC KEY")
                .orElseThrow(() -> new KeyException("no PUBLIC KEY block in the PEM text"))
                .der();
    }

    private static int decodeBlock(String text, int begin, List<Block> blocks) {
        int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
        if (labelEnd < 0) {
            throw new KeyException("PEM block without the end of its first line");
        }
        String label = text.substring(begin + BEGIN.length(), labelEnd);
        String tail = "-----END " + label + DASHES;
        int bodyEnd = text.indexOf(tail, labelEnd + DASHES.length());
        if (bodyEnd < 0) {
            throw new KeyException("PEM block " + label + " has no end line");
        }
        String body = text.substring(labelEnd + DASHES.length(), bodyEnd).replaceAll("\\s", "");
        try {
            blocks.add(new Block(label, Bytes.copyOf(Base64.getDecoder().decode(body))));
        } catch (IllegalArgumentException e) {
            throw new KeyException("PEM block " + label + " is not base64", e);
        }
        return bodyEnd + tail.length();
    }
}
