package skarb.s3.http;

import com.google.common.net.HostAndPort;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The listener: accepts connections up to a limit and gives each its pipeline. Requests run on
/// virtual threads, one each, up to a limit too. Safe for many threads.
public final class HttpServer implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final int LOW_WATER_BYTES = 256 * 1024;
  private static final int HIGH_WATER_BYTES = 512 * 1024;
  private static final int MAX_READ_BYTES = 128 * 1024;

  private final Limits limits;
  private final Optional<SslContext> tls;
  private final Service service;
  private final RequestIds ids;
  private final ResponseHead responseHead;
  private final Semaphore admission;
  private final EventLoopGroup loops;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closedOne = lock.newCondition();

  @GuardedBy("lock")
  private final Set<Connection> connections = new HashSet<>();

  private final Channel listener;
  private volatile boolean draining;

  /// Listens.
  ///
  /// @param tls what every connection speaks; empty: plain HTTP
  /// @param service answers the requests
  /// @throws IOException where the address cannot be had
  public HttpServer(
      InetSocketAddress address,
      Limits limits,
      Optional<SslContext> tls,
      Service service,
      RequestIds ids,
      InstantSource clock)
      throws IOException {
    this.limits = limits;
    this.tls = tls;
    this.service = service;
    this.ids = ids;
    this.responseHead = new ResponseHead(clock, ids.hostId());
    this.admission = new Semaphore(limits.maxInFlight());
    this.loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    this.listener = listen(address);
  }

  private Channel listen(InetSocketAddress address) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(512, 8 * 1024, MAX_READ_BYTES))
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
            .childHandler(new Pipeline())
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      Throwable cause = bound.cause();
      throw new IOException(
          "cannot listen at "
              + HostAndPort.fromParts(address.getHostString(), address.getPort())
              + ": "
              + cause.getMessage(),
          cause);
    }
    return bound.channel();
  }

  /// Where it listens, the port that was chosen included.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Accepts no more connections, closes those that rest, lets those that serve a request finish
  /// it, and waits until all are closed.
  ///
  /// @param patience how long; what is open then stays so until [#close]
  public void drain(Duration patience) {
    draining = true;
    listener.close().awaitUninterruptibly();
    for (Connection connection : connections()) {
      connection.closeIfIdle();
    }
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!connections.isEmpty() && left > 0) {
        left = closedOne.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /// Closes everything at once.
  @Override
  public void close() {
    draining = true;
    listener.close().awaitUninterruptibly();
    connections().forEach(Connection::closeNow);
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private List<Connection> connections() {
    lock.lock();
    try {
      return List.copyOf(connections);
    } finally {
      lock.unlock();
    }
  }

  // What follows is for connections.

  void opened(Connection connection) {
    lock.lock();
    try {
      connections.add(connection);
    } finally {
      lock.unlock();
    }
  }

  void closed(Connection connection) {
    lock.lock();
    try {
      connections.remove(connection);
      closedOne.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether one more request may run. Where it may, [#release] follows once it is answered.
  boolean tryAdmit() {
    return admission.tryAcquire();
  }

  void release() {
    admission.release();
  }

  void run(Exchange exchange) {
    var _ = Thread.startVirtualThread(exchange);
  }

  Limits limits() {
    return limits;
  }

  Service service() {
    return service;
  }

  ResponseHead responseHead() {
    return responseHead;
  }

  String nextRequestId() {
    return ids.next();
  }

  boolean secure() {
    return tls.isPresent();
  }

  boolean draining() {
    return draining;
  }

  private int openConnections() {
    lock.lock();
    try {
      return connections.size();
    } finally {
      lock.unlock();
    }
  }

  /// What a new channel gets.
  private final class Pipeline extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      int open = openConnections();
      boolean surplus = open >= limits.maxConnections();
      // A few are told so; a flood is not, nor are those who would have to shake hands first.
      if (surplus && (tls.isPresent() || open >= limits.maxConnections() + BACKLOG)) {
        var _ = channel.close();
        return;
      }
      tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
      RequestDecoder decoder = new RequestDecoder(limits);
      channel
          .pipeline()
          .addLast(decoder, new Connection(HttpServer.this, channel, decoder, surplus));
    }
  }
}
