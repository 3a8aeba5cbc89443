package dev.bulkhead.security.tuf;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Which target paths a delegation covers (TUF 1.0 section 4.5). */
public sealed interface PathSet {
    /** Whether the target path is covered. */
    boolean covers(String targetPath);

    /** Shell patterns, matched level by level: {@code *} and {@code ?} stay within one level. */
    record Patterns(List<String> patterns) implements PathSet {
        public Patterns {
            patterns = List.copyOf(patterns);
        }

        @Override
        public boolean covers(String targetPath) {
            return patterns.stream().anyMatch(pattern -> PathPattern.matches(pattern, targetPath));
        }
    }

    /** Hashed bins: prefixes in hex of the SHA-256 of the target path. */
    record HashPrefixes(List<String> prefixes) implements PathSet {
        public HashPrefixes {
            prefixes = List.copyOf(prefixes);
        }

        @Override
        public boolean covers(String targetPath) {
            String hash = HexFormat.of()
                    .formatHex(Hashes.digest("SHA-256").digest(targetPath.getBytes(StandardCharsets.UTF_8)));
            return prefixes.stream().anyMatch(hash::startsWith);
        }
    }
}
