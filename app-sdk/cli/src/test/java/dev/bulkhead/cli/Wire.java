package dev.bulkhead.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP wire between a vehicle and its broker that can be cut and mended, and that counts what comes down. */
final class Wire implements AutoCloseable {
    private final ServerSocket door;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong down = new AtomicLong();
    private volatile boolean cut;
    private volatile long cutAfter = Long.MAX_VALUE;

    Wire(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("wire").start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Bytes that came down to the vehicle. */
    long down() {
        return down.get();
    }

    /** Cuts by itself once so many more bytes came down. */
    void cutAfter(long bytes) {
        cutAfter = down.get() + bytes;
    }

    boolean isCut() {
        return cut;
    }

    void cut() {
        cut = true;
        sockets.forEach(Wire::close);
        sockets.clear();
    }

    void mend() {
        cutAfter = Long.MAX_VALUE;
        cut = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                if (cut) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(near);
                sockets.add(far);
                Thread.ofPlatform().daemon().start(() -> pump(near, far, new AtomicLong()));
                Thread.ofPlatform().daemon().start(() -> pump(far, near, down));
            } catch (IOException e) {
                // the next one may fare better; a closed door ends the loop
            }
        }
    }

    private void pump(Socket from, Socket to, AtomicLong count) {
        byte[] chunk = new byte[16 << 10];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(chunk); n >= 0 && !cut; n = in.read(chunk)) {
                out.write(chunk, 0, n);
                count.addAndGet(n);
                if (down.get() >= cutAfter) {
                    cut();
                }
            }
        } catch (IOException e) {
            // cut
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
