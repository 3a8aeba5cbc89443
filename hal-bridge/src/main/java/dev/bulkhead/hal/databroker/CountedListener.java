package dev.bulkhead.hal.databroker;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens, and hangs up at once on whoever comes when {@value #MOST} are connected already: gRPC's own server takes any number. */
final class CountedListener extends NioServerSocketChannel {
    static final int MOST = 128;

    private static final Logger LOG = LoggerFactory.getLogger(CountedListener.class);

    private final AtomicInteger connected = new AtomicInteger();

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int count = super.doReadMessages(accepted);
        if (count <= 0) {
            return count;
        }
        Channel peer = (Channel) accepted.getLast();
        if (connected.incrementAndGet() > MOST) {
            connected.decrementAndGet();
            LOG.debug("databroker client {} refused, {} are connected", peer.remoteAddress(), MOST);
            accepted.removeLast();
            peer.unsafe().closeForcibly();
            return 0;
        }
        var _ = peer.closeFuture().addListener(end -> connected.decrementAndGet());
        return count;
    }
}
