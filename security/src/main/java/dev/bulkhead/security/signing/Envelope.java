package dev.bulkhead.security.signing;

import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.json.Json;
import dev.bulkhead.security.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A DSSE version 1 envelope. Each signature may carry its certificate chain in {@code x5c} (base64 DER, leaf first),
 * a field of ours that other readers skip.
 *
 * @param payloadType media type of the payload
 * @param payload the signed bytes
 * @param signatures at most {@value #MAX_SIGNATURES}
 */
public record Envelope(String payloadType, Bytes payload, List<Signature> signatures) {
    /** Longest envelope, in bytes. */
    public static final int MAX_BYTES = 256 << 10;

    static final int MAX_SIGNATURES = 8;
    private static final int MAX_CHAIN = 8;

    public Envelope {
        signatures = List.copyOf(signatures);
        if (signatures.size() > MAX_SIGNATURES) {
            throw new EnvelopeException(signatures.size() + " signatures, limit " + MAX_SIGNATURES);
        }
    }

    /**
     * One signature.
     *
     * @param keyId a hint which key made it; empty when unknown
     * @param signature over {@link Envelope#signedBytes()}
     * @param chain DER certificates, leaf first; may be empty
     */
    public record Signature(String keyId, Bytes signature, List<Bytes> chain) {
        public Signature {
            chain = List.copyOf(chain);
        }
    }

    /** What is signed: the pre-authentication encoding of type and payload. */
    public byte[] signedBytes() {
        return signedBytes(payloadType, payload);
    }

    static byte[] signedBytes(String payloadType, Bytes payload) {
        byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("DSSEv1 " + type.length + " " + payloadType + " " + payload.size() + " ")
                .getBytes(StandardCharsets.UTF_8);
        byte[] body = payload.toArray();
        byte[] out = new byte[head.length + body.length];
        System.arraycopy(head, 0, out, 0, head.length);
        System.arraycopy(body, 0, out, head.length, body.length);
        return out;
    }

    /** The envelope as JSON, the same bytes for the same envelope. */
    public byte[] encode() {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("payload", base64(payload));
        members.put("payloadType", Json.of(payloadType));
        members.put(
                "signatures",
                new Json.Arr(signatures.stream()
                        .map(Envelope::encode)
                        .map(Json.class::cast)
                        .toList()));
        return new Json.Obj(members).dense().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws EnvelopeException when the bytes are no envelope within the limits */
    public static Envelope decode(byte[] json) {
        if (json.length > MAX_BYTES) {
            throw new EnvelopeException("envelope of " + json.length + " bytes, limit " + MAX_BYTES);
        }
        try {
            Json.Obj members = object(Json.parse(json), "envelope");
            return new Envelope(
                    text(members, "payloadType"), bytes(text(members, "payload"), "payload"), signatures(members));
        } catch (JsonException e) {
            throw new EnvelopeException("envelope: " + e.getMessage());
        }
    }

    private static Json encode(Signature signature) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("keyid", Json.of(signature.keyId()));
        members.put("sig", base64(signature.signature()));
        if (!signature.chain().isEmpty()) {
            members.put(
                    "x5c",
                    Json.strings(
                            signature.chain().stream().map(Envelope::toBase64).toList()));
        }
        return new Json.Obj(members);
    }

    private static List<Signature> signatures(Json.Obj members) {
        List<Signature> signatures = new ArrayList<>();
        for (Json item : array(members, "signatures", MAX_SIGNATURES)) {
            Json.Obj signature = object(item, "signature");
            List<Bytes> chain = new ArrayList<>();
            if (signature.find("x5c").isPresent()) {
                for (Json certificate : array(signature, "x5c", MAX_CHAIN)) {
                    chain.add(bytes(string(certificate, "x5c"), "x5c"));
                }
            }
            String keyId = signature.find("keyid").isPresent() ? text(signature, "keyid") : "";
            signatures.add(new Signature(keyId, bytes(text(signature, "sig"), "sig"), chain));
        }
        return signatures;
    }

    private static List<Json> array(Json.Obj members, String name, int limit) {
        if (!(members.find(name).orElse(null) instanceof Json.Arr array)) {
            throw new EnvelopeException(name + ": wants an array");
        }
        if (array.items().size() > limit) {
            throw new EnvelopeException(name + ": " + array.items().size() + " entries, limit " + limit);
        }
        return array.items();
    }

    private static Json.Obj object(Json value, String where) {
        if (value instanceof Json.Obj object) {
            return object;
        }
        throw new EnvelopeException(where + ": wants an object");
    }

    private static String text(Json.Obj members, String name) {
        return string(members.find(name).orElseThrow(() -> new EnvelopeException(name + " is missing")), name);
    }

    private static String string(Json value, String name) {
        if (value instanceof Json.Str string) {
            return string.value();
        }
        throw new EnvelopeException(name + ": wants a string");
    }

    /** DSSE allows the standard and the URL alphabet. */
    private static Bytes bytes(String base64, String name) {
        try {
            boolean url = base64.indexOf('-') >= 0 || base64.indexOf('_') >= 0;
            return Bytes.copyOf((url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(base64));
        } catch (IllegalArgumentException e) {
            throw new EnvelopeException(name + ": not base64");
        }
    }

    private static Json base64(Bytes bytes) {
        return Json.of(toBase64(bytes));
    }

    private static String toBase64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }
}
