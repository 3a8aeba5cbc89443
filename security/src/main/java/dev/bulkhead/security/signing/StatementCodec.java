package dev.bulkhead.security.signing;

import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.json.Json;
import dev.bulkhead.security.json.JsonException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The JSON of a {@link PackageStatement}. Unknown members are refused: a signature is no place for surprises. */
final class StatementCodec {
    private static final String APP_ID = "appId";
    private static final String VERSION = "version";
    private static final String RELEASE = "release";
    private static final String PACKAGE_DIGEST = "packageDigest";
    private static final String MODULE_DIGEST = "moduleDigest";
    private static final String MANIFEST_DIGEST = "manifestDigest";
    private static final Set<String> MEMBERS =
            Set.of(APP_ID, VERSION, RELEASE, PACKAGE_DIGEST, MODULE_DIGEST, MANIFEST_DIGEST);

    private StatementCodec() {}

    static Bytes encode(PackageStatement statement) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put(APP_ID, Json.of(statement.appId()));
        members.put(MANIFEST_DIGEST, digest(statement.manifestDigest()));
        members.put(MODULE_DIGEST, digest(statement.moduleDigest()));
        members.put(PACKAGE_DIGEST, digest(statement.packageDigest()));
        members.put(RELEASE, Json.of(statement.release()));
        members.put(VERSION, Json.of(statement.version()));
        return Bytes.copyOf(new Json.Obj(members).canonical());
    }

    static PackageStatement decode(Bytes payload) {
        try {
            if (!(Json.parse(payload.toArray()) instanceof Json.Obj members)) {
                throw new EnvelopeException("statement: wants an object");
            }
            for (String name : members.members().keySet()) {
                if (!MEMBERS.contains(name)) {
                    throw new EnvelopeException("statement: unknown member \"" + name + "\"");
                }
            }
            return new PackageStatement(
                    text(members, APP_ID),
                    text(members, VERSION),
                    number(members, RELEASE),
                    digest(members, PACKAGE_DIGEST),
                    digest(members, MODULE_DIGEST),
                    digest(members, MANIFEST_DIGEST));
        } catch (JsonException | IllegalArgumentException e) {
            throw new EnvelopeException("statement: " + e.getMessage());
        }
    }

    private static Json digest(Bytes digest) {
        return Json.of("sha256:" + digest.hex());
    }

    private static Bytes digest(Json.Obj members, String name) {
        String text = text(members, name);
        if (!text.startsWith("sha256:")) {
            throw new EnvelopeException("statement: " + name + " wants sha256:<hex>");
        }
        return Bytes.ofHex(text.substring("sha256:".length()));
    }

    private static String text(Json.Obj members, String name) {
        if (members.find(name).orElse(null) instanceof Json.Str string) {
            return string.value();
        }
        throw new EnvelopeException("statement: " + name + " wants a string");
    }

    private static long number(Json.Obj members, String name) {
        if (members.find(name).orElse(null) instanceof Json.Num number) {
            return number.value();
        }
        throw new EnvelopeException("statement: " + name + " wants an integer");
    }
}
