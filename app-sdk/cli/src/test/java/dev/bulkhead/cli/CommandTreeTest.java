package dev.bulkhead.cli;

import static dev.bulkhead.cli.Terminal.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What holds for every command of the tree. */
class CommandTreeTest {
    private static final Path GUIDE = Path.of("..", "..", "docs", "cli.md");
    private static final Set<String> FORMERS = Set.of("help", "generate-completion");

    static Stream<CommandSpec> commands() {
        List<CommandSpec> found = new ArrayList<>();
        collect(Main.commandLine(), found);
        return found.stream();
    }

    private static void collect(CommandLine command, List<CommandSpec> into) {
        for (CommandLine sub : new HashSet<>(command.getSubcommands().values())) {
            if (!FORMERS.contains(sub.getCommandName())) {
                into.add(sub.getCommandSpec());
                collect(sub, into);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void hasASectionWithItsOptionsInTheGuide(CommandSpec command) throws IOException {
        String section = section(command.qualifiedName());
        for (OptionSpec option : command.options()) {
            boolean usual = option.usageHelp() || option.versionHelp() || isShared(option);
            assertTrue(
                    usual || Stream.of(option.names()).anyMatch(section::contains),
                    command.qualifiedName() + " " + option.longestName() + " is not in docs/cli.md");
        }
    }

    /** Options that the guide describes once for all. */
    private static boolean isShared(OptionSpec option) {
        return Set.of(
                        "--json",
                        "--color",
                        "--home",
                        "--vehicle",
                        "--server",
                        "--token-file",
                        "--passphrase-file",
                        "--pkcs11",
                        "--pkcs11-slot",
                        "--pin-file")
                .contains(option.longestName());
    }

    private static String section(String name) throws IOException {
        String guide = Files.readString(GUIDE);
        int begin = guide.indexOf("# `" + name + "`\n");
        assertTrue(begin > 0, "docs/cli.md has no section for " + name);
        int end = guide.indexOf("\n#", begin + 1);
        return guide.substring(begin, end < 0 ? guide.length() : end);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void saysWhatItIsForInItsHelp(CommandSpec command) {
        assertTrue(command.usageMessage().description().length > 0, command.qualifiedName());
        String[] words = (command.qualifiedName() + " --help").split(" ", -1);
        String help = type(Arrays.copyOfRange(words, 1, words.length)).expect(0).out();
        assertTrue(help.contains("Usage: " + command.qualifiedName()), help);
        for (OptionSpec option : command.options()) {
            assertTrue(option.description().length > 0, command.qualifiedName() + " " + option.longestName());
        }
    }

    @Test
    void aWrongWordIsStatusTwoAndOffersTheNearest() {
        String err = type("verfy").expect(2).err();
        assertTrue(err.contains("verify"), err);
        assertFalse(type("ps", "--jsn").expect(2).err().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logs -f --json",
                "logs -n 5000",
                "top --period 5",
                "signal watch Vehicle.Speed --period 1",
                "exec none.wasm --repeat 0",
                "bench hal --only nope",
                "sim --vss x.json run",
                "generate-completion --json"
            })
    void whatWouldBeIgnoredIsAUsageError(String words) {
        type(words.split(" ", -1)).expect(2);
    }

    @Test
    void usageErrorsAreOneDocumentToo() {
        assertTrue(type("ps", "--no-such-option", "--json")
                .expect(2)
                .document()
                .at("/error/message")
                .asText()
                .contains("--no-such-option"));
        assertTrue(type("sign", "--json").expect(2).document().has("error"));
    }

    @Test
    void failuresAreOneDocumentWithAHint(@TempDir Path empty) {
        var nobody = type("ps", "--home", empty.toString(), "--json").expect(6).document();
        assertTrue(nobody.at("/error/hint").asText().contains("bulkhead agent"), nobody.toString());
        type("apps", "--home", empty.toString(), "--json").expect(6).document();
        type("verify", empty.resolve("none").toString(), "--json").expect(1).document();
    }

    @Test
    void noCommandsLineInTheRootsHelpEndsInTheMiddleOfASentence() {
        commands()
                .filter(command -> command.usageMessage().description().length > 0)
                .forEach(command ->
                        assertFalse(command.usageMessage().description()[0].endsWith(","), command.qualifiedName()));
    }

    @Test
    void theGuideListsEveryExitStatus() throws IOException {
        String guide = Files.readString(GUIDE);
        for (ExitCode code : ExitCode.values()) {
            assertTrue(guide.contains("\n| " + code.status() + " | "), code.toString());
        }
    }

    @Test
    void completionKnowsEveryCommand() {
        String script = type("generate-completion").expect(0).out();
        commands()
                .filter(command -> command.parent() != null && command.parent().parent() == null)
                .forEach(command -> assertTrue(script.contains(command.name()), command.name()));
        assertEquals(0, script.indexOf("#!/usr/bin/env bash"));
    }

    @Test
    void theRootsHelpIsTheSameFromABranchAsFromTheWholeTree() {
        assertEquals(
                CommandTree.whole().getUsageMessage(),
                CommandTree.branchFor("--help").getUsageMessage());
    }

    @Test
    void aBranchHasTheOptionsOfItsOwnCommandOnly() {
        assertTrue(has("--json", "ps", CommandTree.branchFor("ps", "--json")));
        assertFalse(has("--json", "top", CommandTree.branchFor("ps", "--json")));
        assertEquals(
                CommandTree.whole().getSubcommands().keySet(),
                CommandTree.branchFor("help").getSubcommands().keySet());
    }

    private static boolean has(String option, String command, CommandLine tree) {
        return Objects.requireNonNull(tree.getSubcommands().get(command))
                .getCommandSpec()
                .optionsMap()
                .containsKey(option);
    }
}
