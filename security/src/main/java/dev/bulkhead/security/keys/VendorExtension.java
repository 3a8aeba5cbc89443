package dev.bulkhead.security.keys;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;

/**
 * The private extension of a vendor certificate: {@code SEQUENCE { vendor UTF8String, appIdPrefix UTF8String }}. The
 * identifier lies under the UUID arc 2.25, which needs no registration; it is critical, so that TLS stacks refuse it.
 */
final class VendorExtension {
    static final ASN1ObjectIdentifier ID = new ASN1ObjectIdentifier("2.25.189406274516620353841571234863320914187");

    private VendorExtension() {}

    static ASN1Encodable encode(VendorIdentity vendor) {
        ASN1EncodableVector fields = new ASN1EncodableVector();
        fields.add(new DERUTF8String(vendor.vendor()));
        fields.add(new DERUTF8String(vendor.appIdPrefix()));
        return new DERSequence(fields);
    }

    static Optional<VendorIdentity> find(X509Certificate certificate) {
        byte[] wrapped = certificate.getExtensionValue(ID.getId());
        return wrapped == null ? Optional.empty() : Optional.of(decode(wrapped));
    }

    private static VendorIdentity decode(byte[] wrapped) {
        try {
            byte[] value = ASN1OctetString.getInstance(ASN1Primitive.fromByteArray(wrapped))
                    .getOctets();
            ASN1Sequence fields = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(value));
            if (fields.size() != 2) {
                throw new KeyException("vendor extension with " + fields.size() + " fields, wants 2");
            }
            return new VendorIdentity(text(fields, 0), text(fields, 1));
        } catch (IOException | IllegalArgumentException e) {
            throw new KeyException("malformed vendor extension", e);
        }
    }

    private static String text(ASN1Sequence fields, int index) {
        return ASN1UTF8String.getInstance(fields.getObjectAt(index)).getString();
    }
}
