package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import dev.bulkhead.security.keys.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Role metadata to signed files. */
public final class RoleSigning {
    private RoleSigning() {}

    /** The file: the role's JSON with one signature of each signer; the same input gives the same bytes. */
    public static byte[] sign(RoleMetadata role, List<? extends Signer> signers) {
        Json.Obj signed = role.toJson();
        byte[] canonical = signed.canonical();
        List<Json> signatures = new ArrayList<>();
        for (Signer signer : signers) {
            signatures.add(Json.object()
                    .with("keyid", Json.of(signer.keyId()))
                    .with("sig", Json.of(HexFormat.of().formatHex(signer.sign(canonical)))));
        }
        return Json.object()
                .with("signatures", new Json.Arr(signatures))
                .with("signed", signed)
                .dense()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** An expiry this long after now, in whole seconds as metadata writes them. */
    public static Instant expiry(Instant now, Duration lifetime) {
        return now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
    }
}
