package dev.bulkhead.server.web;

/**
 * An error as RFC 9457 writes it.
 *
 * @param type {@code urn:bulkhead:problem:} and a stable word
 * @param title the kind of error in a few words
 * @param status HTTP status
 * @param detail what went wrong this time
 * @param hint what to do about it
 */
public record Problem(String type, String title, int status, String detail, String hint) {
    static final String MEDIA_TYPE = "application/problem+json";
    private static final String PREFIX = "urn:bulkhead:problem:";

    static Problem of(int status, String word, String detail, String hint) {
        return new Problem(PREFIX + word, word.replace('-', ' '), status, detail, hint);
    }

    /** The stable word of the type. */
    public String word() {
        return type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : type;
    }
}
