package dev.bulkhead.hal.door;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for gRPC, and hangs up at once on whoever finds no place: gRPC's own server takes any number of connections. */
public final class CountedListener extends NioServerSocketChannel {
    private static final Logger LOG = LoggerFactory.getLogger(CountedListener.class);

    private final String door;
    private final PeerCount peers;

    /** @param door what the log calls it */
    public CountedListener(String door, PeerCount peers) {
        this.door = door;
        this.peers = peers;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int count = super.doReadMessages(accepted);
        if (count <= 0) {
            return count;
        }
        Channel peer = (Channel) accepted.getLast();
        if (!(peer.remoteAddress() instanceof InetSocketAddress from) || !peers.enter(from.getAddress())) {
            LOG.debug("{} client {} refused, {} are connected", door, peer.remoteAddress(), peers.total());
            accepted.removeLast();
            peer.unsafe().closeForcibly();
            return 0;
        }
        InetAddress address = from.getAddress();
        var _ = peer.closeFuture().addListener(end -> peers.leave(address));
        return count;
    }
}
