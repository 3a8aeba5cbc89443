package dev.bulkhead.agent.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Parameter and result types of a function. Immutable. */
public record Signature(List<GuestType> params, List<GuestType> results) {
    public Signature {
        params = List.copyOf(params);
        results = List.copyOf(results);
    }

    /**
     * Reads {@code "(i32,i32)i64"}: parameters in parentheses, then the results without a separator other than a comma; an empty side is allowed.
     *
     * @throws IllegalArgumentException on an unknown type name or a missing parenthesis
     */
    public static Signature parse(String text) {
        int close = text.indexOf(')');
        if (!text.startsWith("(") || close < 0) {
            throw new IllegalArgumentException("signature must look like (i32,i64)f64, not " + text);
        }
        return new Signature(types(text.substring(1, close)), types(text.substring(close + 1)));
    }

    private static List<GuestType> types(String list) {
        List<GuestType> types = new ArrayList<>();
        for (String name : list.split(",", -1)) {
            if (!name.isBlank()) {
                types.add(GuestType.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            }
        }
        return types;
    }

    @Override
    public String toString() {
        return "(" + names(params) + ")" + names(results);
    }

    private static String names(List<GuestType> types) {
        return String.join(
                ",",
                types.stream().map(type -> type.name().toLowerCase(Locale.ROOT)).toList());
    }
}
