package dev.bulkhead.cli.output;

/** The few colours of the house, by meaning. ANSI SGR codes (ECMA-48 section 8.3.117). */
public enum Style {
    PLAIN(""),
    BOLD("1"),
    FAINT("2"),
    GOOD("32"),
    WARN("33"),
    BAD("31"),
    ACCENT("36");

    private final String sgr;

    Style(String sgr) {
        this.sgr = sgr;
    }

    String paint(String text) {
        return this == PLAIN ? text : "\u001b[" + sgr + "m" + text + "\u001b[0m";
    }
}
