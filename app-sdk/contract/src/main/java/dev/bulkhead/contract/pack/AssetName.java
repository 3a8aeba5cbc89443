package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.pack.PackageException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names of assets: relative paths in UTF-8, of steps that are neither empty nor dots. */
final class AssetName {
    private AssetName() {}

    /** The path a tar header names, without the slash at a folder's end; empty for the archive's own folder. */
    static String of(TarReader.Entry entry) {
        String raw = entry.name();
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw bad(TarText.shown(raw), "is not UTF-8");
        }
        if (entry.folder() && name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        return entry.folder() && (name.isEmpty() || name.equals(".")) ? "" : checked(name);
    }

    /** @throws PackageException when the name leads out of the folder, or is none that every program can say */
    static String checked(String name) {
        if (name.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
            throw bad(
                    TarText.shown(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)),
                    "is not a plain name");
        }
        for (String step : name.split("/", -1)) {
            switch (step) {
                case ".." -> throw bad(name, "leaves the package");
                case "", "." ->
                    throw bad(name, name.startsWith("/") ? "leaves the package" : "is not a plain relative path");
                default -> {
                    // a name
                }
            }
        }
        return name;
    }

    private static PackageException bad(String shown, String why) {
        return new PackageException(Reason.BAD_NAME, "assets: '" + shown + "' " + why);
    }
}
