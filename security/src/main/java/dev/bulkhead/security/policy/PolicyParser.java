package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.CapabilityException;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.capability.CapabilityParser;
import dev.bulkhead.contract.notation.NearestWord;
import dev.bulkhead.security.policy.PolicyToml.Item;
import dev.bulkhead.security.policy.PolicyToml.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a {@link VehiclePolicy} of its file. One use. */
final class PolicyParser {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._,'/-]{0,79}");
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)+");
    private static final Map<String, List<String>> KEYS = Map.of(
            "policy", List.of("name", "epoch", "developer-mode"),
            "vendor", List.of("name", "prefix", "ceiling"),
            "rule", List.of("name", "app", "lines", "own-grant"));

    private final String toml;
    private final String file;
    private final List<VendorCeiling> vendors = new ArrayList<>();
    private final List<PolicyRule> rules = new ArrayList<>();
    private final Map<String, Integer> prefixes = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable Table head;

    PolicyParser(String toml, String file) {
        this.toml = toml;
        this.file = file;
    }

    VehiclePolicy parse() {
        for (Table table : new PolicyToml(toml, file).read()) {
            requireKnown(table);
            switch (table.name()) {
                case "policy" -> head = table;
                case "vendor" -> vendors.add(vendor(table));
                default -> rules(table);
            }
            requireBounds(table);
        }
        if (head == null) {
            throw error(1, "a policy needs a [policy] table with name and epoch");
        }
        String name = name(head);
        long epoch = required(head, "epoch") instanceof Item.Whole number ? number.value() : 0;
        if (epoch < 1) {
            throw error(required(head, "epoch").line(), "'epoch' is a whole number from 1, one higher for each change");
        }
        return new VehiclePolicy(name, epoch, truth(head, "developer-mode"), vendors, rules);
    }

    private void requireBounds(Table table) {
        if (vendors.size() > VehiclePolicy.MAX_VENDORS || rules.size() > VehiclePolicy.MAX_RULES) {
            throw error(
                    table.line(),
                    "a policy has at most " + VehiclePolicy.MAX_VENDORS + " vendors and " + VehiclePolicy.MAX_RULES
                            + " rule lines");
        }
    }

    private void requireKnown(Table table) {
        List<String> keys = KEYS.get(table.name());
        if (keys == null) {
            throw error(table.line(), "unknown table '" + table.name() + "'" + hint(table.name(), KEYS.keySet()));
        }
        if (table.repeated() == table.name().equals("policy")) {
            String form = table.repeated() ? "[policy]" : "[[" + table.name() + "]]";
            throw error(table.line(), "this table is written " + form);
        }
        table.items().forEach((key, item) -> {
            if (!keys.contains(key)) {
                throw error(
                        item.line(),
                        "unknown key '" + key + "' in " + table.name() + hint(key, keys) + "; known are "
                                + String.join(", ", keys));
            }
        });
    }

    private static String hint(String typed, Collection<String> known) {
        return NearestWord.to(typed, known)
                .map(word -> "; did you mean '" + word + "'?")
                .orElse("");
    }

    private VendorCeiling vendor(Table table) {
        String name = name(table);
        requireNew("vendor " + name, table);
        Item.Text prefix = text(table, "prefix");
        if (!PREFIX.matcher(prefix.value()).matches()) {
            throw error(prefix.line(), "'" + prefix.value() + "' is not a prefix of app ids, as com.acme is");
        }
        requireOwnPrefix(prefix);
        List<CapabilityLine> lines = new ArrayList<>();
        texts(table, "ceiling").forEach(line -> lines.add(capability(line)));
        return new VendorCeiling(name, prefix.value(), lines, file + ":" + table.line());
    }

    /** Two vendors must not both own an app id. */
    private void requireOwnPrefix(Item.Text prefix) {
        prefixes.forEach((other, line) -> {
            if ((prefix.value() + ".").startsWith(other + ".") || (other + ".").startsWith(prefix.value() + ".")) {
                throw error(prefix.line(), "prefix '" + prefix.value() + "' overlaps '" + other + "' in line " + line);
            }
        });
        prefixes.put(prefix.value(), prefix.line());
    }

    private void rules(Table table) {
        String name = name(table);
        requireNew("rule " + name, table);
        List<Item.Text> apps = texts(table, "app");
        List<Item.Text> lines = texts(table, "lines");
        boolean ownGrant = truth(table, "own-grant");
        for (Item.Text line : lines) {
            CapabilityLine capability = capability(line);
            for (Item.Text app : apps) {
                rules.add(new PolicyRule(name, pattern(app), capability, ownGrant, file + ":" + line.line()));
            }
        }
    }

    private AppPattern pattern(Item.Text app) {
        try {
            return new AppPattern(app.value());
        } catch (IllegalArgumentException e) {
            throw error(app.line(), String.valueOf(e.getMessage()));
        }
    }

    private CapabilityLine capability(Item.Text line) {
        try {
            return CapabilityParser.parse(line.value());
        } catch (CapabilityException e) {
            throw error(line.line(), String.valueOf(e.getMessage()));
        }
    }

    private void requireNew(String named, Table table) {
        if (!names.add(named)) {
            throw error(table.line(), named + " is given twice");
        }
    }

    private String name(Table table) {
        Item.Text name = text(table, "name");
        if (!NAME.matcher(name.value()).matches()) {
            throw error(name.line(), "a name has 1..80 letters, digits, blanks and . _ , ' / -");
        }
        return name.value();
    }

    private Item required(Table table, String key) {
        Item item = table.items().get(key);
        if (item == null) {
            throw error(table.line(), table.name() + " needs '" + key + "'");
        }
        return item;
    }

    private Item.Text text(Table table, String key) {
        Item item = required(table, key);
        if (item instanceof Item.Text text) {
            return text;
        }
        throw error(item.line(), "'" + key + "' is a string");
    }

    private List<Item.Text> texts(Table table, String key) {
        return switch (required(table, key)) {
            case Item.Text text -> List.of(text);
            case Item.Texts texts -> texts.values();
            case Item.Whole number -> throw error(number.line(), "'" + key + "' is a string or an array of strings");
            case Item.Truth truth -> throw error(truth.line(), "'" + key + "' is a string or an array of strings");
        };
    }

    private boolean truth(Table table, String key) {
        Item item = table.items().get(key);
        if (item == null) {
            return false;
        }
        if (item instanceof Item.Truth truth) {
            return truth.value();
        }
        throw error(item.line(), "'" + key + "' is true or false");
    }

    private PolicyException error(int line, String problem) {
        return new PolicyException(file, line, problem);
    }
}
