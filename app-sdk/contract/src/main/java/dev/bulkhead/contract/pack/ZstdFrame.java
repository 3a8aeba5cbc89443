package dev.bulkhead.contract.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.bulkhead.contract.pack.PackageException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** One Zstandard frame (RFC 8878) with nothing behind it, decompressed within a bound and a window, whatever its header promises. */
final class ZstdFrame extends FilterInputStream {
    /** Largest window a frame may ask for, 2^23 bytes, which is what RFC 8878 recommends and all that levels up to 19 use. */
    private static final int WINDOW_LOG = 23;

    private static final int LEVEL = 12;

    private final long most;
    private final long beside;
    private long given;

    private ZstdFrame(InputStream decompressed, long most, long beside) {
        super(decompressed);
        this.most = most;
        this.beside = beside;
    }

    static byte[] compress(byte[] content) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setLevel(LEVEL).setChecksum(true).compress(content);
        }
    }

    /**
     * Opens it.
     *
     * @param most bytes the files in it may have
     * @param beside what headers and padding may take; both together may come out
     */
    static ZstdFrame open(Blob packed, long most, long beside) throws IOException {
        long length = frameLength(packed);
        if (length != packed.size()) {
            throw new PackageException(
                    Reason.BAD_COMPRESSION,
                    "assets: " + (packed.size() - length) + " bytes lie behind the end of the zstd frame");
        }
        long promised = Zstd.getFrameContentSize(packed.shared());
        if (promised > most + beside) {
            throw tooLarge(most, " (the frame says " + promised + ")");
        }
        ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(packed.stream());
        return new ZstdFrame(stream.setLongMax(WINDOW_LOG), most, beside);
    }

    private static long frameLength(Blob packed) {
        if (packed.size() == 0) {
            throw refused(Zstd.errSrcSizeWrong(), "it is empty");
        }
        try {
            long length = Zstd.findFrameCompressedSize(packed.shared());
            if (Zstd.isError(length)) {
                throw refused(Zstd.getErrorCode(length), Zstd.getErrorName(length));
            }
            return length;
        } catch (ZstdException e) {
            throw refused(e.getErrorCode(), String.valueOf(e.getMessage()));
        }
    }

    private static PackageException refused(long code, String cause) {
        if (code == Zstd.errFrameParameterWindowTooLarge()) {
            return new PackageException(
                    Reason.TOO_LARGE,
                    "assets: the zstd frame wants a window of more than " + (1 << WINDOW_LOG >> 20)
                            + " MiB: compress without --long and --ultra");
        }
        boolean cut = code == Zstd.errSrcSizeWrong();
        return new PackageException(
                cut ? Reason.TRUNCATED : Reason.BAD_COMPRESSION,
                "assets: " + (cut ? "the zstd frame is cut off" : "no sound zstd frame") + ": " + cause);
    }

    static PackageException tooLarge(long most, String detail) {
        return new PackageException(
                Reason.TOO_LARGE,
                "assets: unpacked they take more than " + most + " bytes" + detail
                        + ", what the memory budget has: raise it, or leave files out");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        try {
            int count = super.read(into, from, length);
            given += Math.max(0, count);
            if (given > most + beside) {
                throw tooLarge(most, "");
            }
            return count;
        } catch (ZstdIOException e) {
            throw refused(e.getErrorCode(), String.valueOf(e.getMessage()));
        }
    }
}
