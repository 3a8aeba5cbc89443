package dev.bulkhead.security.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Breaks bytes in the ways that find bugs; the same seed breaks them the same way. */
final class Mutator {
    private static final String[] WORDS = {
        "null",
        "-1",
        "0",
        "9223372036854775807",
        "9223372036854775808",
        "1e99",
        "\"\"",
        "[]",
        "{}",
        "\\ud800",
        "\\u0000",
        "true",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "\u0000",
        "\"_type\":\"root\"",
        "%2F..",
        "sha256"
    };
    private static final int MAX_LENGTH = 256 << 10;

    private final SplittableRandom random;

    Mutator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    byte[] mutate(byte[] input) {
        byte[] out = input.clone();
        int rounds = 1 + random.nextInt(4);
        for (int i = 0; i < rounds; i++) {
            out = once(out);
        }
        return out;
    }

    private byte[] once(byte[] in) {
        if (in.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(in.length);
        return switch (random.nextInt(8)) {
            case 0 -> flip(in, at);
            case 1 -> set(in, at, (byte) random.nextInt(256));
            case 2 -> Arrays.copyOf(in, at);
            case 3 -> splice(in, at, at, slice(in));
            case 4 -> splice(in, at, Math.min(in.length, at + 1 + random.nextInt(16)), new byte[0]);
            case 5 -> splice(in, at, at, WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8));
            case 6 -> replaceNumber(in, at);
            default ->
                set(in, at, new byte[] {0, (byte) 0xff, 0x7f, (byte) 0x80, '"', '{', ']', ','}[random.nextInt(8)]);
        };
    }

    private byte[] flip(byte[] in, int at) {
        in[at] ^= (byte) (1 << random.nextInt(8));
        return in;
    }

    private static byte[] set(byte[] in, int at, byte value) {
        in[at] = value;
        return in;
    }

    private byte[] slice(byte[] in) {
        int from = random.nextInt(in.length);
        return Arrays.copyOfRange(in, from, Math.min(in.length, from + 1 + random.nextInt(64)));
    }

    private byte[] replaceNumber(byte[] in, int at) {
        int from = at;
        while (from < in.length && !Character.isDigit(in[from])) {
            from++;
        }
        int to = from;
        while (to < in.length && Character.isDigit(in[to])) {
            to++;
        }
        byte[] word = WORDS[1 + random.nextInt(5)].getBytes(StandardCharsets.UTF_8);
        return splice(in, from, to, word);
    }

    private static byte[] splice(byte[] in, int from, int to, byte[] middle) {
        byte[] out = new byte[Math.min(MAX_LENGTH, in.length - (to - from) + middle.length)];
        byte[] whole = new byte[in.length - (to - from) + middle.length];
        System.arraycopy(in, 0, whole, 0, from);
        System.arraycopy(middle, 0, whole, from, middle.length);
        System.arraycopy(in, to, whole, from + middle.length, in.length - to);
        System.arraycopy(whole, 0, out, 0, out.length);
        return out;
    }
}
