package dev.bulkhead.security.audit.note;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A text and its signatures (C2SP signed-note). The text ends in a newline; an empty line and one line for each
 * signature follow. Parsing is strict: bytes that would be written differently are refused. Immutable.
 */
public record SignedNote(String text, List<Signature> signatures) {
    /** The most bytes a note may have. */
    public static final int MAX_BYTES = 16 * 1024;
    /** The most signatures a note may have. */
    public static final int MAX_SIGNATURES = 16;

    private static final String DASH = "— ";

    /**
     * One line below the text.
     *
     * @param name whose key
     * @param encoded base64 of the four bytes of the key's hash and the signature
     */
    public record Signature(String name, String encoded) {
        /** Checks the name and the encoding. */
        public Signature {
            NoteKey.requireName(name);
            if (base64(encoded, "the signature of " + name).length <= Integer.BYTES) {
                throw new NoteException("the signature of " + name + " is too short");
            }
        }

        static Signature by(NoteKey key, byte[] signature) {
            byte[] tagged = ByteBuffer.allocate(Integer.BYTES + signature.length)
                    .putInt(key.id())
                    .put(signature)
                    .array();
            return new Signature(key.name(), Base64.getEncoder().encodeToString(tagged));
        }

        private boolean claims(NoteKey key) {
            return name.equals(key.name()) && tagged().getInt() == key.id();
        }

        private byte[] bytes() {
            byte[] tagged = tagged().array();
            return Arrays.copyOfRange(tagged, Integer.BYTES, tagged.length);
        }

        private ByteBuffer tagged() {
            return ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
        }
    }

    /** Checks the text and copies the list. */
    public SignedNote {
        requireText(text);
        signatures = List.copyOf(signatures);
        if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
            throw new NoteException("a note has 1.." + MAX_SIGNATURES + " signatures, not " + signatures.size());
        }
    }

    /** Signs a text. */
    public static SignedNote sign(String text, String keyName, NoteSigner signer) {
        requireText(text);
        NoteKey key = NoteKey.of(keyName, signer.publicKey());
        byte[] signature = signer.sign(text.getBytes(StandardCharsets.UTF_8));
        return new SignedNote(text, List.of(Signature.by(key, signature)));
    }

    private static void requireText(String text) {
        if (text.isEmpty() || !text.endsWith("\n")) {
            throw new NoteException("the text of a note ends in a newline");
        }
        if (text.chars().anyMatch(c -> (c < ' ' && c != '\n') || c == 0x7f)) {
            throw new NoteException("the text of a note has no control characters but newlines");
        }
    }

    /** Reads a note. */
    public static SignedNote parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new NoteException("a note has at most " + MAX_BYTES + " bytes, not " + bytes.length);
        }
        String all = decode(bytes);
        int gap = all.lastIndexOf("\n\n");
        if (gap < 0 || !all.endsWith("\n")) {
            throw new NoteException("a note is a text, an empty line and signature lines; this is not");
        }
        List<Signature> signatures = new ArrayList<>();
        String below = all.substring(gap + 2, Math.max(gap + 2, all.length() - 1));
        for (String line : below.split("\n", MAX_SIGNATURES + 1)) {
            signatures.add(parseSignature(line));
        }
        return new SignedNote(all.substring(0, gap + 1), signatures);
    }

    private static Signature parseSignature(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !line.startsWith(DASH)) {
            throw new NoteException("a signature line reads '— name base64', not '" + shorten(line) + "'");
        }
        return new Signature(parts[1], parts[2]);
    }

    private static String decode(byte[] bytes) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new NoteException("a note is UTF-8 text; this is not");
        }
    }

    /** Strict base64: only the one canonical spelling of some bytes. */
    static byte[] base64(String text, String what) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new NoteException(what + " is not base64: " + e.getMessage());
        }
        throw new NoteException(what + " is not canonical base64");
    }

    static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    /**
     * The text, if {@code key} signed it. Signatures by others are ignored, as the specification asks.
     *
     * @throws NoteException if there is no signature of the key, or a wrong one
     */
    public String textSignedBy(NoteKey key) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        boolean signed = false;
        for (Signature signature : signatures) {
            if (signature.claims(key)) {
                if (!key.verifies(message, signature.bytes())) {
                    throw new NoteException("the signature of " + key.name() + " does not fit the text");
                }
                signed = true;
            }
        }
        if (!signed) {
            throw new NoteException("no signature of " + key + " on the note");
        }
        return text;
    }

    /** The note as it is stored and sent. */
    public byte[] bytes() {
        var all = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> all.append(DASH)
                .append(signature.name())
                .append(' ')
                .append(signature.encoded())
                .append('\n'));
        return all.toString().getBytes(StandardCharsets.UTF_8);
    }
}
