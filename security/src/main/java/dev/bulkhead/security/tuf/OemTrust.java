package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of the OEM's X.509 authorities count, in member {@code x-bulkhead-oem} of the image root: so vehicles follow them as
 * they follow the keys of root, offline for years or not, and never back.
 *
 * @param roots the newest first; not empty
 * @param withdrawn ids of authorities' keys that count no more
 */
record OemTrust(List<X509Certificate> roots, Set<String> withdrawn) {
    /** An extension other clients skip. */
    static final String MEMBER = "x-bulkhead-oem";

    private static final String ROOTS = "roots";
    private static final String WITHDRAWN = "withdrawn";

    OemTrust {
        roots = List.copyOf(roots);
        withdrawn = Set.copyOf(withdrawn);
        anchor(roots, withdrawn);
    }

    /** What chains of certificates must lead to. */
    TrustAnchor anchor() {
        return anchor(roots, withdrawn);
    }

    private static TrustAnchor anchor(List<X509Certificate> roots, Set<String> withdrawn) {
        return new TrustAnchor(roots, withdrawn);
    }

    static OemTrust read(MetadataFields fields) {
        List<X509Certificate> roots = new ArrayList<>();
        for (String text : fields.texts(ROOTS)) {
            roots.add(Certificates.parse(Base64.getDecoder().decode(text), fields.path(ROOTS)));
        }
        return new OemTrust(roots, Set.copyOf(fields.texts(WITHDRAWN)));
    }

    Json.Obj toJson() {
        return Json.object()
                .with(
                        ROOTS,
                        Json.strings(roots.stream()
                                .map(root -> Base64.getEncoder().encodeToString(Certificates.encoded(root)))
                                .toList()))
                .with(WITHDRAWN, Json.strings(new TreeSet<>(withdrawn)));
    }
}
