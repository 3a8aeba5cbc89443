package dev.bulkhead.security.tuf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Hashed bins written short (TAP 15): {@code 2^bit_length} roles named by prefix and bin number. */
final class SuccinctBins {
    private static final int MAX_BITS = 14;

    private SuccinctBins() {}

    static List<DelegatedRole> roles(MetadataFields delegations) {
        if (delegations.has("roles")) {
            throw delegations.wrong("roles", "and succinct_roles exclude each other");
        }
        MetadataFields succinct = delegations.object("succinct_roles");
        long bits = succinct.positive("bit_length");
        if (bits > MAX_BITS) {
            throw succinct.wrong("bit_length", "is " + bits + ", limit " + MAX_BITS);
        }
        RoleKeys keys = KeyFields.roleKeys(succinct);
        return bins(succinct.text("name_prefix"), (int) bits, keys);
    }

    private static List<DelegatedRole> bins(String prefix, int bits, RoleKeys keys) {
        int count = 1 << bits;
        int suffixDigits = Integer.toHexString(count - 1).length();
        List<DelegatedRole> roles = new ArrayList<>(count);
        for (int bin = 0; bin < count; bin++) {
            String name = prefix + "-" + hex(bin, suffixDigits);
            roles.add(new DelegatedRole(name, keys, true, new PathSet.HashPrefixes(prefixes(bin, bits))));
        }
        return roles;
    }

    /** All hex prefixes, of whole digits, whose leading bits are the bin's number. */
    private static List<String> prefixes(int bin, int bits) {
        int digits = (bits + 3) / 4;
        int spare = digits * 4 - bits;
        List<String> prefixes = new ArrayList<>(1 << spare);
        for (int rest = 0; rest < 1 << spare; rest++) {
            prefixes.add(hex(bin << spare | rest, digits));
        }
        return prefixes;
    }

    private static String hex(int value, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "x", value);
    }
}
