package dev.bulkhead.server.web;

import io.javalin.http.Context;

/** Query parameters within bounds. */
final class Query {
    private Query() {}

    static String text(Context context, String name, String absent) {
        String value = context.queryParam(name);
        return value == null ? absent : value;
    }

    static int integer(Context context, String name, int absent, int low, int high) {
        return (int) number(context, name, absent, low, high);
    }

    static long number(Context context, String name, long absent, long low, long high) {
        String text = context.queryParam(name);
        if (text == null) {
            return absent;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= low && value <= high) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ProblemException(
                400, "parameter", name + " is \"" + text + "\"", "give a whole number from " + low + " to " + high);
    }
}
