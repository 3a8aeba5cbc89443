package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.capability.LineWords.Word;
import dev.bulkhead.contract.notation.ByteSize;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the one-line grammar of capabilities.md. Stateless. */
public final class CapabilityParser {
    private static final List<String> FAMILIES =
            List.of("signal", "can", "message", "cloud", "storage", "wasi", "infer");
    private static final List<String> READ_LIMITS = List.of("rate<=");
    private static final List<String> ACTUATE_LIMITS =
            List.of("range=", "slew<=", "rate<=", "lease<=", "priority=", "failsafe=", "when");
    private static final List<String> CAN_LIMITS = List.of("fd", "rate<=", "dlc=", "mask=", "when");
    private static final List<String> MESSAGE_LIMITS = List.of("rate<=");
    private static final double MOST_RATE = 1e6;
    private static final Pattern IDS = Pattern.compile("([0-9A-Fa-f]{1,8})(?:-([0-9A-Fa-f]{1,8}))?(x?)");

    private CapabilityParser() {}

    /**
     * Reads one line, {@code deny} lines included.
     *
     * @throws CapabilityException naming the column, what was expected there, and the nearest known word
     */
    public static CapabilityLine parse(String line) {
        LineWords words = new LineWords(line);
        boolean deny = words.nextIs("deny");
        if (deny) {
            words.take("deny");
        }
        Word family = words.take("a capability");
        Capability capability = switch (family.text()) {
            case "signal" -> signal(words, deny);
            case "can" -> can(words, deny);
            case "message" -> message(words, deny);
            case "cloud" -> cloud(words, deny);
            case "storage" -> storage(words, deny);
            case "wasi" -> wasi(words, deny);
            case "infer" -> infer(words, deny);
            default -> throw words.unknown(family, "capability", FAMILIES);
        };
        return new CapabilityLine(deny, capability, line);
    }

    private static Capability signal(LineWords words, boolean deny) {
        Word path = words.take("a signal path");
        SignalGlob glob = checked(words, path, SignalGlob::new);
        Word access = words.take("read or actuate");
        return switch (access.text()) {
            case "read" ->
                new SignalRead(glob, LineLimits.read(words, deny, READ_LIMITS).positive("rate", "Hz", MOST_RATE));
            case "actuate" -> actuate(glob, LineLimits.read(words, deny, ACTUATE_LIMITS));
            default -> throw words.unknown(access, "access", List.of("read", "actuate"));
        };
    }

    private static Capability actuate(SignalGlob glob, LineLimits limits) {
        return new SignalActuate(
                glob,
                limits.range("range"),
                limits.positive("slew", "/s", Double.MAX_VALUE),
                limits.positive("rate", "Hz", MOST_RATE),
                limits.millis("lease", ""),
                limits.between("priority", 0, 100),
                limits.failsafe("failsafe"),
                limits.when());
    }

    private static Capability can(LineWords words, boolean deny) {
        Word bus = words.take("a bus name");
        Word direction = words.take("rx or tx");
        if (!direction.text().equals("rx") && !direction.text().equals("tx")) {
            throw words.unknown(direction, "direction", List.of("rx", "tx"));
        }
        Word idWord = words.take("a hexadecimal id or range of ids");
        CanIds ids = ids(words, idWord);
        LineLimits limits = LineLimits.read(words, deny, CAN_LIMITS);
        OptionalInt mask = limits.hex("mask", ids.extended() ? CanIds.MAX_EXTENDED : CanIds.MAX_STANDARD);
        boolean fd = limits.flag("fd");
        CanAccess access = checked(
                words,
                bus,
                name -> new CanAccess(
                        name,
                        mask.isEmpty() ? ids : masked(ids, mask.getAsInt()),
                        fd,
                        limits.positive("rate", "fps", MOST_RATE),
                        limits.lengths("dlc", fd),
                        limits.when()));
        return direction.text().equals("rx") ? new CanReceive(access) : new CanTransmit(access);
    }

    private static CanIds ids(LineWords words, Word word) {
        Matcher form = IDS.matcher(word.text());
        if (!form.matches()) {
            throw words.error(
                    word.column(),
                    "'" + word.text() + "' is not a CAN id: hexadecimal as 2F0, 100-1FF or, extended, 18FEF100x");
        }
        Optional<String> second = Optional.ofNullable(form.group(2));
        return checked(words, word, text -> {
            long first = Long.parseLong(form.group(1), 16);
            long last = second.map(s -> Long.parseLong(s, 16)).orElse(first);
            return CanIds.range(clamp(first), clamp(last), form.group(3).equals("x"));
        });
    }

    private static int clamp(long id) {
        return (int) Math.min(id, Integer.MAX_VALUE);
    }

    private static CanIds masked(CanIds ids, int mask) {
        return ids.first() == ids.last()
                ? CanIds.masked(ids.first(), mask, ids.extended())
                : new CanIds(ids.first(), ids.last(), ids.extended(), mask);
    }

    private static Capability message(LineWords words, boolean deny) {
        TopicFilter topics = checked(words, words.take("a topic filter"), TopicFilter::new);
        Flow flow = flow(words);
        return new Message(
                topics, flow, LineLimits.read(words, deny, MESSAGE_LIMITS).positive("rate", "/s", MOST_RATE));
    }

    private static Capability cloud(LineWords words, boolean deny) {
        TopicFilter topics = checked(words, words.take("a topic filter"), TopicFilter::new);
        Flow flow = flow(words);
        return new Cloud(
                topics, flow, LineLimits.read(words, deny, MESSAGE_LIMITS).positive("rate", "/s", MOST_RATE));
    }

    private static Flow flow(LineWords words) {
        return choice(words, "publish or subscribe", "direction", Flow.values());
    }

    private static Capability storage(LineWords words, boolean deny) {
        Word size = words.take("a size");
        OptionalLong bytes = ByteSize.parse(size.text());
        if (bytes.isEmpty()) {
            throw words.error(size.column(), "'" + size.text() + "' is not a size: write 512B, 256KiB, 4MiB or 1GiB");
        }
        LineLimits.read(words, deny, List.of());
        return checked(words, size, text -> new Storage(bytes.getAsLong()));
    }

    private static Capability wasi(LineWords words, boolean deny) {
        Wasi.Part part = choice(words, "stdio, clocks, random, scratch or assets", "part of WASI", Wasi.Part.values());
        LineLimits.read(words, deny, List.of());
        return new Wasi(part);
    }

    private static Capability infer(LineWords words, boolean deny) {
        Word model = words.take("a model digest or any");
        Infer infer =
                checked(words, model, text -> new Infer(text.equals("any") ? Optional.empty() : Optional.of(text)));
        LineLimits.read(words, deny, List.of());
        return infer;
    }

    private static <T> T choice(LineWords words, String expected, String what, T[] values) {
        Word word = words.take(expected);
        return Stream.of(values)
                .filter(value -> value.toString().equals(word.text()))
                .findFirst()
                .orElseThrow(() -> words.unknown(
                        word, what, Stream.of(values).map(Object::toString).toList()));
    }

    /** Runs a record's own check and gives its complaint the word's column. */
    private static <T> T checked(LineWords words, Word word, Function<String, T> read) {
        try {
            return read.apply(word.text());
        } catch (IllegalArgumentException e) {
            throw words.error(word.column(), String.valueOf(e.getMessage()));
        }
    }
}
