package dev.bulkhead.contract.supply;

import dev.bulkhead.contract.toml.TomlDocument;
import dev.bulkhead.contract.toml.TomlException;
import dev.bulkhead.contract.toml.TomlProblem;
import dev.bulkhead.contract.toml.TomlSection;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code supply.toml}: all mistakes at once, each with its line. Stateless. */
public final class SupplyParser {
    /** The file's name beside {@code app.toml}. */
    public static final String FILE = "supply.toml";

    private static final int MOST = 1_000;
    private static final int LONGEST = 1_000;
    private static final Pattern PURL = Pattern.compile("pkg:[a-z0-9.+-]+/[^\\s]+");
    private static final Pattern SPDX = Pattern.compile("[A-Za-z0-9.+()-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+()-]+)*");

    private SupplyParser() {}

    /**
     * Reads a file of at most 64 KiB.
     *
     * @throws TomlException naming each mistake
     */
    public static Supply parse(byte[] utf8, String fileName) {
        TomlDocument document = TomlDocument.parse(utf8, fileName);
        Supply supply = read(document.root());
        List<TomlProblem> problems = document.problems();
        if (!problems.isEmpty()) {
            throw new TomlException(fileName, problems);
        }
        return supply;
    }

    private static Supply read(TomlSection root) {
        TomlSection build = root.section("build");
        Optional<String> builder = build.read("builder", SupplyParser::uri, "a URI, as \"https://acme.example/ci\"");
        Optional<String> command = build.read("command", SupplyParser::line, "one line of text");
        List<String> sources = root.sections("source", MOST).stream()
                .flatMap(each -> required(each, "file").stream())
                .toList();
        List<Supply.Tool> tools = root.sections("tool", MOST).stream()
                .flatMap(each -> tool(each).stream())
                .toList();
        List<Supply.Component> components = root.sections("component", MOST).stream()
                .flatMap(each -> component(each).stream())
                .toList();
        return new Supply(builder, command, sources, tools, components);
    }

    private static Optional<Supply.Tool> tool(TomlSection section) {
        Optional<String> name = required(section, "name");
        Optional<String> version = required(section, "version");
        return name.flatMap(n -> version.map(v -> new Supply.Tool(n, v)));
    }

    private static Optional<Supply.Component> component(TomlSection section) {
        Optional<String> name = required(section, "name");
        Optional<String> version = required(section, "version");
        Supply.Kind kind = section.choice("type", Supply.Kind.values()).orElse(Supply.Kind.LIBRARY);
        Optional<String> license = section.read(
                "license", text -> matching(SPDX, text), "an SPDX license id or expression, as \"Apache-2.0\"");
        Optional<String> purl =
                section.read("purl", text -> matching(PURL, text), "a package URL, as \"pkg:cargo/serde@1.0.200\"");
        return name.flatMap(n -> version.map(v -> new Supply.Component(kind, n, v, license, purl)));
    }

    private static Optional<String> required(TomlSection section, String key) {
        section.require(key);
        return section.read(key, SupplyParser::line, "one line of text, at most " + LONGEST + " characters");
    }

    private static Optional<String> line(String text) {
        boolean plain =
                !text.isBlank() && text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl);
        return plain ? Optional.of(text) : Optional.empty();
    }

    private static Optional<String> uri(String text) {
        return line(text).filter(line -> URI.create(line).isAbsolute());
    }

    private static Optional<String> matching(Pattern form, String text) {
        return line(text).filter(line -> form.matcher(line).matches());
    }
}
