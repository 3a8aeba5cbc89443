package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.capability.Storage;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** Module {@code app}: the app's own key-value data, within the lesser of its grant and its manifest's budget. */
final class KeyValueCalls {
    private static final int MOST_LISTED = 4_096;
    private static final long UNDECIDED = -1;
    private static final String LINE = new AccessRequest.UseStorage().line();

    private final AppSession session;
    private final ShadowedKeyValues data;
    private long epoch = UNDECIDED;
    private long quota;
    private boolean ailing;

    KeyValueCalls(AppSession session) {
        this.session = session;
        this.data = session.data();
    }

    void bind(CallTable table) {
        table.four("app.kv_get", this::get);
        table.four("app.kv_put", this::put);
        table.two("app.kv_delete", this::delete);
        table.four("app.kv_list", this::list);
    }

    /** True when storage is granted under the policy in force. */
    private boolean granted() {
        long current = session.desk().epoch();
        if (epoch != current) {
            epoch = current;
            quota = decide();
        }
        return quota > 0;
    }

    private long decide() {
        AccessRequest request = new AccessRequest.UseStorage();
        return switch (session.desk().decide(request)) {
            case Decision.Allow allow ->
                allow.effective() instanceof Storage storage
                        ? Math.min(storage.bytes(), session.bounds().storageBytes())
                        : 0;
            case Decision.Deny deny -> {
                session.ledger().denied(LINE, deny.rule(), deny.why());
                yield 0;
            }
        };
    }

    private long get(GuestMemory memory, long key, long keyLength, long out, long cap) {
        long checked = checkKey(memory, key, keyLength);
        if (checked != Guest.OK) {
            return checked;
        }
        Optional<byte[]> value;
        try {
            value = data.get(memory.read((int) key, (int) keyLength));
        } catch (KeyValueStore.Unavailable e) {
            return unavailable(e, Status.AGAIN);
        }
        session.ledger().use(LINE).touch(1, value.map(v -> v.length).orElse(0));
        return value.isEmpty() ? Status.NOENT.code() : Guest.answer(memory, out, cap, value.get());
    }

    private long put(GuestMemory memory, long key, long keyLength, long pointer, long length) {
        long checked = checkKey(memory, key, keyLength);
        if (checked == Guest.OK) {
            checked = Guest.check(memory, pointer, length, Layouts.LONGEST_VALUE);
        }
        if (checked != Guest.OK) {
            return checked;
        }
        byte[] name = memory.read((int) key, (int) keyLength);
        byte[] value = memory.read((int) pointer, (int) length);
        session.ledger().use(LINE).touch(1, value.length);
        try {
            ShadowedKeyValues.Written written = data.put(name, value, quota);
            ailing = false;
            return answer(written);
        } catch (KeyValueStore.Unavailable e) {
            return unavailable(e, Status.NOSPC);
        }
    }

    private long answer(ShadowedKeyValues.Written written) {
        return switch (written) {
            case DONE -> Guest.OK;
            case NOT_THERE -> Status.NOENT.code();
            case NO_MEMORY -> Status.NOSPC.code();
            case OVER_QUOTA -> {
                session.exceeded("storage", quota, data.used(), "refused");
                session.warn(Scarce.STORAGE, Math.max(0, quota - data.used()));
                yield Status.NOSPC.code();
            }
        };
    }

    /** The disk is full or worse: the app goes on and is told; its log says why, once until it is over. */
    private long unavailable(KeyValueStore.Unavailable cause, Status status) {
        if (!ailing) {
            ailing = true;
            session.hostLog("ERROR", "its key-value data is out of reach: " + cause.getMessage());
        }
        return status.code();
    }

    private long delete(GuestMemory memory, long key, long keyLength) {
        long checked = checkKey(memory, key, keyLength);
        if (checked != Guest.OK) {
            return checked;
        }
        session.ledger().use(LINE).touch();
        try {
            return answer(data.delete(memory.read((int) key, (int) keyLength)));
        } catch (KeyValueStore.Unavailable e) {
            return unavailable(e, Status.NOSPC);
        }
    }

    private long list(GuestMemory memory, long prefix, long length, long out, long cap) {
        long checked = Guest.check(memory, prefix, length, Layouts.LONGEST_KEY);
        if (checked != Guest.OK) {
            return checked;
        }
        if (!granted()) {
            return Status.PERM.code();
        }
        session.ledger().use(LINE).touch();
        List<byte[]> keys;
        try {
            keys = data.keys(memory.read((int) prefix, (int) length), MOST_LISTED);
        } catch (KeyValueStore.Unavailable e) {
            return unavailable(e, Status.AGAIN);
        }
        int size = keys.stream()
                .mapToInt(key -> Layouts.KEY_HEADER_BYTES + key.length)
                .sum();
        ByteBuffer list = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        keys.forEach(key -> list.putShort((short) key.length).put(key));
        return Guest.answer(memory, out, cap, list.array());
    }

    private long checkKey(GuestMemory memory, long key, long length) {
        long checked = Guest.check(memory, key, length, Layouts.LONGEST_KEY);
        if (checked != Guest.OK) {
            return checked;
        }
        if (length == 0) {
            return Guest.INVAL;
        }
        return granted() ? Guest.OK : Status.PERM.code();
    }
}
