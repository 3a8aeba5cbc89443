package dev.bulkhead.agent.identity;

import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.enrol.EnrolmentRefusedException;
import dev.bulkhead.security.enrol.EnrolmentService.Kind;
import dev.bulkhead.security.enrol.EnrolmentUnreachableException;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.ChainVerdict;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.Signer;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.keys.VerificationKey;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the vehicle in possession of a good certificate, without a restart: renews it at half of its life with a fresh key,
 * and begins anew with the bootstrap identity when it has expired, was taken back, or there was none. The line then
 * connects again with the new one. Signs version manifests with the key of the line's certificate. Thread-safe.
 */
public final class IdentityKeeper implements Signer {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityKeeper.class);

    private final EnrolmentParts parts;
    private final IdentityFile file;
    private final String vehicleId;
    private Runnable renewed = () -> {};
    private Credential newest;
    private Credential onTheLine;
    private boolean enrolled;
    private boolean turnedAway;
    private boolean busy;
    private boolean unanswered;
    private int failures;
    private long tryAfterNanos;

    private IdentityKeeper(EnrolmentParts parts, IdentityFile file, Credential newest, boolean enrolled) {
        this.parts = parts;
        this.file = file;
        this.vehicleId = newest.tls().commonName();
        this.newest = newest;
        this.onTheLine = newest;
        this.enrolled = enrolled;
        this.tryAfterNanos = parts.clock().nanos();
    }

    /**
     * Takes up the certificate kept in the file, or begins with the one from the factory.
     *
     * @param file need not exist; its folder must
     */
    public static IdentityKeeper open(Path file, Credential factory, EnrolmentParts parts) {
        IdentityFile kept = new IdentityFile(file);
        Optional<Credential> last = kept.read()
                .filter(credential ->
                        credential.tls().commonName().equals(factory.tls().commonName()));
        return new IdentityKeeper(parts, kept, last.orElse(factory), last.isPresent());
    }

    /**
     * Starts looking after the certificate. Called once.
     *
     * @param renewed told when there is another one, on the worker: the line should connect again
     */
    public void start(Runnable renewed) {
        synchronized (this) {
            this.renewed = renewed;
        }
        look();
    }

    private void look() {
        check();
        parts.scheduler().at(parts.clock().nanos() + parts.pace().look().toNanos(), this::look);
    }

    /** For the next connection of the line; manifests are signed with the same key from now on. */
    public synchronized SSLContext tlsOfNextLine() {
        onTheLine = newest;
        return MutualTls.context(newest.tls(), parts.anchor().get());
    }

    /** The fleet was there but did not let the line in: perhaps because of the certificate. */
    public void turnedAway(String cause) {
        synchronized (this) {
            if (!turnedAway) {
                LOG.info("the fleet does not let this vehicle in: {}", cause);
            }
            turnedAway = true;
            if (unanswered) {
                tryAfterNanos = parts.clock().nanos();
            }
        }
        check();
    }

    /** When the present certificate ends. */
    public synchronized Instant ends() {
        return newest.ends();
    }

    private void check() {
        RenewalStep step;
        synchronized (this) {
            Instant now = Instant.ofEpochMilli(parts.clock().unixMillis());
            step = RenewalStep.of(newest, enrolled, turnedAway, now);
            if (busy || step == RenewalStep.REST || parts.clock().nanos() < tryAfterNanos) {
                return;
            }
            busy = true;
        }
        try {
            parts.worker().execute(() -> enrol(step));
        } catch (RuntimeException e) {
            // the worker is closed or full; the next look tries again
            synchronized (this) {
                busy = false;
            }
        }
    }

    private void enrol(RenewalStep step) {
        try {
            FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, parts.random());
            Credential next = verified(key, ask(step, key));
            file.replace(next);
            adopt(next);
        } catch (EnrolmentUnreachableException e) {
            failed(e, true);
        } catch (SecurityFailure e) {
            failed(e, false);
        } catch (RuntimeException | Error e) {
            failed(e, false);
            throw e;
        }
    }

    private List<X509Certificate> ask(RenewalStep step, FileSigner key) {
        if (step == RenewalStep.RENEW) {
            try {
                return parts.service().enrol(present(), key, Kind.RENEWAL);
            } catch (EnrolmentRefusedException e) {
                LOG.warn("the certificate is not renewed, so the vehicle enrols anew: {}", e.getMessage());
            }
        }
        return parts.service().enrol(parts.bootstrap(), key, Kind.FIRST);
    }

    private synchronized TlsIdentity present() {
        return newest.tls();
    }

    /** Judged at its own beginning: this vehicle's clock may be wrong, and the fleet's TLS looks at the dates anyway. */
    private Credential verified(FileSigner key, List<X509Certificate> chain) {
        Credential credential = new Credential(key, TlsIdentity.of(key, chain));
        ChainVerdict verdict = parts.anchor().get().checkVehicle(chain, credential.begins());
        if (verdict instanceof ChainVerdict.Refused refused) {
            throw new KeyException("the new certificate is not one of this maker: " + refused.detail());
        }
        if (!credential.tls().commonName().equals(vehicleId) || Certificates.isBootstrap(credential.leaf())) {
            throw new KeyException("the new certificate is not one of vehicle " + vehicleId + " for its line");
        }
        return credential;
    }

    private void adopt(Credential next) {
        Runnable tell;
        synchronized (this) {
            newest = next;
            enrolled = true;
            turnedAway = false;
            unanswered = false;
            failures = 0;
            busy = false;
            tryAfterNanos =
                    parts.clock().nanos() + parts.pace().refused().first().toNanos();
            tell = renewed;
        }
        LOG.info("new certificate {} until {}", Certificates.serial(next.leaf()), next.ends());
        tell.run();
    }

    private synchronized void failed(Throwable cause, boolean silence) {
        failures++;
        unanswered = silence;
        busy = false;
        long delay =
                (silence ? parts.pace().unreachable() : parts.pace().refused()).delayNanos(failures, parts.random());
        tryAfterNanos = parts.clock().nanos() + delay;
        LOG.warn("no new certificate, trying again in {} s: {}", delay / 1_000_000_000, cause.getMessage());
    }

    @Override
    public synchronized VerificationKey publicKey() {
        return onTheLine.key().publicKey();
    }

    @Override
    public byte[] sign(byte[] message) {
        FileSigner key;
        synchronized (this) {
            key = onTheLine.key();
        }
        return key.sign(message);
    }
}
