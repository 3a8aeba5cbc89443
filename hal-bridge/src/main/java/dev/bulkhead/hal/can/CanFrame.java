package dev.bulkhead.hal.can;

import dev.bulkhead.hal.HalException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * One CAN frame, classic or FD, as ISO 11898-1 and Linux know it. Immutable.
 *
 * <p>The identifier word has the layout of Linux {@code canid_t}: bits 0–28 the identifier, bit 29 error, bit 30 remote, bit 31 extended.
 */
public final class CanFrame {
    public static final int EXTENDED = 0x8000_0000;
    public static final int REMOTE = 0x4000_0000;
    public static final int ERROR = 0x2000_0000;
    public static final int STANDARD_MASK = 0x7FF;
    public static final int EXTENDED_MASK = 0x1FFF_FFFF;

    /** FD flag: the data phase ran at the faster bit rate. */
    public static final int FD_BRS = 1;

    /** FD flag: the sender is error passive. */
    public static final int FD_ESI = 2;

    private static final int[] FD_LENGTHS = {12, 16, 20, 24, 32, 48, 64};

    private final int idWord;
    private final boolean fd;
    private final int flags;
    private final int remoteLength;
    private final byte[] data;

    private CanFrame(int idWord, boolean fd, int flags, int remoteLength, byte[] data) {
        this.idWord = idWord;
        this.fd = fd;
        this.flags = flags;
        this.remoteLength = remoteLength;
        this.data = data;
    }

    /** A classic data frame of up to 8 bytes with an 11-bit identifier. */
    public static CanFrame standard(int id, byte... data) {
        return classic(checkedId(id, false), data);
    }

    /** A classic data frame of up to 8 bytes with a 29-bit identifier. */
    public static CanFrame extended(int id, byte... data) {
        return classic(checkedId(id, true), data);
    }

    /** A remote request for {@code length} bytes, 0 to 8. */
    public static CanFrame remote(int id, boolean extended, int length) {
        if (length < 0 || length > 8) {
            throw new CanFormException("remote frame asks for " + length + " bytes, at most 8");
        }
        return new CanFrame(checkedId(id, extended) | REMOTE, false, 0, length, new byte[0]);
    }

    /** An error report of the controller: {@code errorClass} as in Linux {@code can/error.h}. */
    public static CanFrame error(int errorClass, byte... data) {
        return classic(ERROR | (errorClass & EXTENDED_MASK), data);
    }

    /**
     * An FD data frame.
     *
     * @param flags {@link #FD_BRS}, {@link #FD_ESI}
     * @param data of 0–8, 12, 16, 20, 24, 32, 48 or 64 bytes
     */
    public static CanFrame fd(int id, boolean extended, int flags, byte... data) {
        if (!isFdLength(data.length)) {
            throw new CanFormException("no FD frame has " + data.length + " bytes; pad to " + fdLength(data.length));
        }
        return new CanFrame(checkedId(id, extended), true, flags & 3, 0, data.clone());
    }

    /**
     * A frame from a Linux identifier word, as drivers and guests hand it over.
     *
     * @throws CanFormException when identifier, length and kind do not go together
     */
    public static CanFrame of(int idWord, boolean fd, int flags, int length, byte[] bytes, int offset) {
        int id = idWord & EXTENDED_MASK;
        boolean extended = (idWord & EXTENDED) != 0;
        if (length < 0 || length > (fd ? 64 : 8)) {
            throw new CanFormException("frame length " + length + ", at most " + (fd ? 64 : 8));
        }
        if ((idWord & ERROR) != 0) {
            return error(id, Arrays.copyOfRange(bytes, offset, offset + length));
        }
        if ((idWord & REMOTE) != 0) {
            return fd ? refuseRemoteFd() : remote(id, extended, length);
        }
        byte[] data = Arrays.copyOfRange(bytes, offset, offset + length);
        return fd ? fd(id, extended, flags, data) : classic(checkedId(id, extended), data);
    }

    private static CanFrame refuseRemoteFd() {
        throw new CanFormException("there are no remote frames in CAN FD");
    }

    private static CanFrame classic(int idWord, byte[] data) {
        if (data.length > 8) {
            throw new CanFormException("classic frame of " + data.length + " bytes, at most 8");
        }
        return new CanFrame(idWord, false, 0, 0, data.clone());
    }

    private static int checkedId(int id, boolean extended) {
        int mask = extended ? EXTENDED_MASK : STANDARD_MASK;
        if ((id & ~mask) != 0) {
            throw new CanFormException(
                    "identifier " + Integer.toHexString(id) + " has more than " + (extended ? 29 : 11) + " bits");
        }
        return extended ? id | EXTENDED : id;
    }

    /** True for the lengths an FD frame can have. */
    public static boolean isFdLength(int length) {
        return length >= 0 && length <= 64 && fdLength(length) == length;
    }

    /** The shortest FD length that holds {@code length} bytes. */
    public static int fdLength(int length) {
        if (length <= 8) {
            return length;
        }
        for (int step : FD_LENGTHS) {
            if (length <= step) {
                return step;
            }
        }
        return 64;
    }

    /** The identifier without flags. */
    public int id() {
        return idWord & EXTENDED_MASK;
    }

    /** The identifier with the flags of Linux {@code canid_t}. */
    public int idWord() {
        return idWord;
    }

    public boolean isExtended() {
        return (idWord & EXTENDED) != 0;
    }

    public boolean isRemote() {
        return (idWord & REMOTE) != 0;
    }

    public boolean isError() {
        return (idWord & ERROR) != 0;
    }

    public boolean isFd() {
        return fd;
    }

    /** {@link #FD_BRS} and {@link #FD_ESI}; 0 for classic frames. */
    public int flags() {
        return flags;
    }

    /** Bytes of data; for a remote frame, the bytes asked for. */
    public int length() {
        return isRemote() ? remoteLength : data.length;
    }

    /** Byte {@code index} of the data, 0 to 255. */
    public int byteAt(int index) {
        return data[index] & 0xFF;
    }

    /** A copy of the data. */
    public byte[] data() {
        return data.clone();
    }

    /** The data without a copy, for readers in the HAL that change nothing. */
    public byte[] dataForReading() {
        return data;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CanFrame that
                && idWord == that.idWord
                && fd == that.fd
                && flags == that.flags
                && remoteLength == that.remoteLength
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * idWord + Arrays.hashCode(data);
    }

    /** As candump writes it, such as {@code 123#DEADBEEF}. */
    @Override
    public String toString() {
        String id = isExtended() || isError()
                ? String.format(Locale.ROOT, "%08X", isError() ? id() | ERROR : id())
                : String.format(Locale.ROOT, "%03X", id());
        if (isRemote()) {
            return id + "#R" + (remoteLength == 0 ? "" : remoteLength);
        }
        String hex = HexFormat.of().withUpperCase().formatHex(data);
        return fd ? id + "##" + Integer.toHexString(flags).toUpperCase(Locale.ROOT) + hex : id + "#" + hex;
    }

    /** A frame that cannot exist. */
    public static final class CanFormException extends HalException {
        private static final long serialVersionUID = 1L;

        CanFormException(String message) {
            super(message);
        }
    }
}
