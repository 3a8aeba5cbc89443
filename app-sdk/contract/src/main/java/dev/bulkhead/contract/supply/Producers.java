package dev.bulkhead.contract.supply;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a module says of its own making: the custom section {@code producers} of the WebAssembly tool conventions. Only
 * that section is read; whether the module is valid is decided where it is to run.
 */
public final class Producers {
    private static final byte[] MAGIC = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final int MOST = 256;

    private final byte[] module;
    private int at;
    private int end;

    /**
     * A tool or language.
     *
     * @param field {@code language}, {@code processed-by} or {@code sdk}
     */
    public record Producer(String field, String name, String version) {}

    private Producers(byte[] module) {
        this.module = module;
        this.end = module.length;
    }

    /**
     * The producers a module names, in its order; none when it has no such section.
     *
     * @throws SupplyException when these bytes are no module, or the section is damaged
     */
    public static List<Producer> of(byte[] module) {
        if (!Arrays.equals(MAGIC, Arrays.copyOf(module, MAGIC.length))) {
            throw new SupplyException("the module is no WebAssembly module of version 1");
        }
        return new Producers(module).sections();
    }

    private List<Producer> sections() {
        at = MAGIC.length;
        while (at < module.length) {
            int id = octet();
            int size = count(module.length);
            int next = Math.addExact(at, size);
            require(next <= module.length, "a section of " + size + " bytes");
            if (id == 0) {
                end = next;
                if (name().equals("producers")) {
                    return fields();
                }
                end = module.length;
            }
            at = next;
        }
        return List.of();
    }

    private List<Producer> fields() {
        List<Producer> producers = new ArrayList<>();
        for (int fields = count(MOST); fields > 0; fields--) {
            String field = name();
            for (int values = count(MOST); values > 0; values--) {
                producers.add(new Producer(field, name(), name()));
                require(producers.size() <= MOST, "more than " + MOST + " producers");
            }
        }
        return producers;
    }

    private String name() {
        int length = count(end - at);
        require(length <= end - at, "a name of " + length + " bytes");
        String name = new String(module, at, length, StandardCharsets.UTF_8);
        at += length;
        return name;
    }

    /** An unsigned LEB128 number of at most five bytes. */
    private int count(int most) {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                require(value <= most, "a count of " + value);
                return (int) value;
            }
        }
        throw new SupplyException("the module is damaged at byte " + at + ": a number of more than five bytes");
    }

    private int octet() {
        require(at < end, "the end");
        return module[at++] & 0xff;
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new SupplyException("the module is damaged at byte " + at + ": " + what + " does not fit");
        }
    }
}
