package dev.bulkhead.contract.pack;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Bytes with their digest. Immutable; equal when the digests are. */
public final class Blob {
    private final byte[] content;
    private final Digest digest;

    private Blob(byte[] content) {
        this.content = content;
        this.digest = Digest.of(content);
    }

    public static Blob copyOf(byte[] content) {
        return new Blob(content.clone());
    }

    /** A blob over an array that nobody else keeps. */
    static Blob owning(byte[] content) {
        return new Blob(content);
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return content.clone();
    }

    /** The bytes themselves: nobody changes them. */
    byte[] shared() {
        return content;
    }

    /** The bytes to read, without a copy. */
    public InputStream stream() {
        return new ByteArrayInputStream(content);
    }

    public int size() {
        return content.length;
    }

    public Digest digest() {
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Blob blob && digest.equals(blob.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return size() + " bytes, " + digest;
    }
}
