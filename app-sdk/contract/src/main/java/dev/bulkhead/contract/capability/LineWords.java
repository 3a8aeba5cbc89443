package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.notation.NearestWord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A capability line cut at blanks, each word with its column; a quoted part is one word. Read from left to right. */
final class LineWords {
    /** @param quoted whether the word stood in double quotes; {@code text} is then its content, escapes resolved */
    record Word(String text, int column, boolean quoted) {}

    private static final int LONGEST = 1024;

    private final String line;
    private final List<Word> words = new ArrayList<>();
    private int next;

    LineWords(String line) {
        this.line = line;
        if (line.length() > LONGEST) {
            throw error(LONGEST + 1, "a capability line has at most " + LONGEST + " characters");
        }
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if ((c < ' ' && c != '\t') || c == 127) {
                throw error(at + 1, "a control character");
            }
            at = c == ' ' || c == '\t' ? at + 1 : c == '"' ? quoted(at) : plain(at);
        }
    }

    private int plain(int start) {
        int end = start;
        while (end < line.length() && line.charAt(end) > ' ' && line.charAt(end) != '"') {
            end++;
        }
        words.add(new Word(line.substring(start, end), start + 1, false));
        return end;
    }

    private int quoted(int start) {
        StringBuilder content = new StringBuilder();
        for (int at = start + 1; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '"') {
                words.add(new Word(content.toString(), start + 1, true));
                return at + 1;
            }
            boolean escape = c == '\\' && at + 1 < line.length() && "\"\\".indexOf(line.charAt(at + 1)) >= 0;
            content.append(escape ? line.charAt(++at) : c);
        }
        throw error(start + 1, "a quote that does not end");
    }

    boolean done() {
        return next == words.size();
    }

    /** Takes the next word, which must be there and unquoted. */
    Word take(String expected) {
        if (done()) {
            throw error(line.length() + 1, "the line ends where " + expected + " should follow");
        }
        Word word = words.get(next++);
        if (word.quoted()) {
            throw error(word.column(), "expected " + expected + ", found a quoted text");
        }
        return word;
    }

    /** Takes the next word, which must be in double quotes. */
    Word takeQuoted(String expected) {
        if (done() || !words.get(next).quoted()) {
            throw error(done() ? line.length() + 1 : words.get(next).column(), "expected " + expected);
        }
        return words.get(next++);
    }

    boolean nextIs(String word) {
        return !done() && !words.get(next).quoted() && words.get(next).text().equals(word);
    }

    CapabilityException error(int column, String problem) {
        return new CapabilityException(line, column, problem, Optional.empty());
    }

    /** An unknown word where one of {@code known} should stand. */
    CapabilityException unknown(Word word, String what, Collection<String> known) {
        return new CapabilityException(
                line,
                word.column(),
                "unknown " + what + " '" + word.text() + "', known: " + String.join(", ", known),
                NearestWord.to(word.text(), known));
    }
}
