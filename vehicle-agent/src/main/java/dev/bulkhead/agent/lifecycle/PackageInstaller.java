package dev.bulkhead.agent.lifecycle;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The only door through which a package becomes something this vehicle should run. The caller has checked the trust
 * metadata; this side checks the package's own signature, its vendor, its release counter and its admission, always
 * (package.md "Who signed it").
 *
 * <p>Thread-safe. Calls do disk I/O and verification on the caller's thread, so never call them from an MQTT callback.
 */
public interface PackageInstaller {
    /**
     * Verifies a package file, stores it and makes it desired. When this returns {@code Accepted} the order survives
     * power loss, and {@code content} may be deleted. Idempotent.
     *
     * @param content the complete package file, at most the size cap of package.md; read, never modified
     */
    InstallReceipt install(InstallOrder order, Path content);

    /**
     * Checks and stores several packages and wishes for all of them as one: their new versions are prepared side by side and take over
     * together, or every app keeps its old version and its state. What becomes of each is reported under its own order.
     */
    EnsembleReceipt installTogether(EnsembleOrder order);

    /** Desires that the app be absent: stopped, its blobs and key-value data removed. Idempotent. */
    InstallReceipt uninstall(String assignment, String appId);

    /** True when the bytes of this package are stored already, so that nothing need be downloaded. */
    boolean holds(String packageDigest);

    /**
     * Like {@link #install(InstallOrder, Path)} for a package that {@link #holds(String)} says is stored.
     * Refused with {@code storage} when it is not.
     */
    InstallReceipt installStored(InstallOrder order);

    /** What is installed now, ordered by app id. */
    List<InstalledRelease> installed();

    /** The last report of every order not yet superseded, ordered by app id; survives a restart. */
    List<UpdateReport> reports();

    /**
     * Calls {@code observer} for every further report, in order, on the control strand: it must hand work on and return
     * at once.
     */
    void observe(Consumer<UpdateReport> observer);
}
