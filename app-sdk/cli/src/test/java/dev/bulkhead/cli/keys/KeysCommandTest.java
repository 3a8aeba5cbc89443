package dev.bulkhead.cli.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeysCommandTest {
    private final Path home;
    private final StringWriter out = new StringWriter();

    KeysCommandTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void makesASecondKeyForAHybridVendorOnly() {
        assertEquals(0, run("init"));
        assertEquals(0, run("vendor", "acme", "--prefix", "com.acme", "--hybrid"));
        assertEquals(0, run("vendor", "other", "--prefix", "com.other"));
        assertTrue(Files.exists(home.resolve("keys/vendors/acme/vendor-ml-dsa.key")));
        assertFalse(Files.exists(home.resolve("keys/vendors/other/vendor-ml-dsa.key")));
    }

    @Test
    void rotatesAKeyAndRehearsesItWithoutATrace() {
        run("init");
        assertEquals(0, run("rotate", "image-root", "--dry-run", "--vehicle", "VIN-1=1", "--vehicle", "VIN-9=9"));
        assertFalse(Files.exists(home.resolve("keys/repository/image/2.root.json")));
        assertEquals(0, run("rotate", "image-root"));
        assertTrue(Files.exists(home.resolve("keys/repository/image/2.root.json")));
    }

    @Test
    void revokesAVendorOnce() {
        run("init");
        run("vendor", "acme", "--prefix", "com.acme");
        assertEquals(0, run("revoke-vendor", "acme"));
        assertEquals(1, run("revoke-vendor", "acme"));
    }

    @Test
    void namesTheKeysThereAreWhenAskedForAnother() {
        assertEquals(2, run("rotate", "moon"));
    }

    private int run(String command, String... rest) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        String[] args = new String[rest.length + 4];
        args[0] = "keys";
        args[1] = command;
        System.arraycopy(rest, 0, args, 2, rest.length);
        args[args.length - 2] = "--home";
        args[args.length - 1] = home.toString();
        return line.execute(args);
    }
}
