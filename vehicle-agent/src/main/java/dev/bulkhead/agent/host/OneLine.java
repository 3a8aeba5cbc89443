package dev.bulkhead.agent.host;

/** Makes a guest's text fit for one line of a log on a terminal: control characters are shown, not obeyed. */
final class OneLine {
    private OneLine() {}

    static String of(String text) {
        String trimmed = text.stripTrailing();
        StringBuilder line = new StringBuilder(trimmed.length());
        trimmed.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) && c != '\t' ? '\uFFFD' : c));
        return line.toString();
    }
}
