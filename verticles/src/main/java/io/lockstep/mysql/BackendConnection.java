package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.lockstep.model.Require;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/**
 * One connection to a database, logged in. Commands may be sent without waiting for the answers of
 * those before (pipelining); answers come in the order of the commands. What is sent in one turn of
 * the event loop goes out together. Everything happens on the context that connected. When the
 * connection ends, every answer that is outstanding fails with {@link BackendLostException}, and so
 * does every later command. There are no timeouts after the login: they are the caller's.
 */
public final class BackendConnection {
  /** Commands that may wait for their answers at one time. */
  public static final int OUTSTANDING_MAX = 1 << 16;

  /** Bytes of commands that may wait for their answers at one time; one command always may. */
  public static final long OUTSTANDING_BYTES_MAX = 256L << 20;

  private final ContextInternal context;
  private final NetSocket socket;
  private final BackendLogin.LoggedIn login;
  private final long replyBytesMax;
  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
  private final FrameScanner scanner;
  private final CommandBuffer outgoing;
  private final FileSending files;
  private final Promise<BackendLostException> ended = Promise.promise();
  private long outstandingBytes;
  private Charset messages = StandardCharsets.UTF_8;
  private boolean changingUser;

  private BackendConnection(
      ContextInternal context,
      NetSocket socket,
      BackendLogin.LoggedIn login,
      BackendOptions options) {
    this.context = context;
    this.socket = socket;
    this.login = login;
    this.replyBytesMax = options.replyBytesMax();
    this.scanner = new FrameScanner(waiting, this::completed, this::unsolicited);
    this.outgoing = new CommandBuffer(context, socket);
    this.files = new FileSending(outgoing);
  }

  /**
   * Connects and logs in. Fails with {@link BackendRefusedException} for an error of the database,
   * {@link ProtocolException} for what is no MySQL server or wants a plugin that we do not speak,
   * {@link BackendLostException} if it cannot be reached in time.
   */
  public static Future<BackendConnection> connect(
      Vertx vertx, NetClient client, BackendOptions options) {
    BackendDialing dialing = new BackendDialing(vertx, options);
    return dialing.dial(
        client, (socket, login) -> opened(dialing.context(), socket, login, options));
  }

  private static BackendConnection opened(
      ContextInternal context,
      NetSocket socket,
      BackendLogin.LoggedIn login,
      BackendOptions options) {
    BackendConnection connection = new BackendConnection(context, socket, login, options);
    socket.handler(connection::received);
    socket.exceptionHandler(
        cause -> connection.lose(new BackendLostException("the connection broke", cause)));
    socket.closeHandler(
        closed -> connection.lose(new BackendLostException("the database closed the connection")));
    return connection;
  }

  /** The server's greeting: version, connection id, its own capabilities. */
  public InitialHandshake greeting() {
    return login.greeting();
  }

  /** The server's answer to the login, with the session's state if SESSION_TRACK was asked for. */
  public OkPacket loginOk() {
    return login.ok();
  }

  /** What both sides agreed on; decides how OK packets are to be read. */
  public long capabilities() {
    return login.capabilities();
  }

  /** Completes, never fails, when the connection has ended, with the reason. */
  public Future<BackendLostException> ended() {
    return ended.future();
  }

  public boolean open() {
    return !ended.future().isComplete();
  }

  /** How many commands wait for their answers. */
  public int outstanding() {
    return waiting.size();
  }

  /** Sends COM_QUERY; several statements if MULTI_STATEMENTS was asked for. */
  public Future<Reply> query(Bytes sql) {
    return collected(
        ReplyShape.RESULTS, sql.length() + 1, () -> outgoing.command(CommandCode.QUERY, sql));
  }

  /** Sends any command, code byte included, and collects its answer. */
  public Future<Reply> command(Buffer payload, ReplyShape shape) {
    return collected(shape, payload.length(), () -> outgoing.command(payload));
  }

  /** The same; {@code each} is shown every result set of it as soon as that has come. */
  public Future<Reply> command(Buffer payload, Consumer<Reply.Rows> each) {
    return collected(
        ReplyShape.RESULTS, payload.length(), () -> outgoing.command(payload), none -> 0, each);
  }

  /**
   * Sends a statement that loads a file of its client's, code byte included, and the file when the
   * database asks for it. What is sent before that goes out behind the file.
   */
  public Future<Reply> load(Buffer payload, List<Buffer> file) {
    return collected(
            ReplyShape.LOAD,
            payload.length(),
            () -> {
              outgoing.command(payload);
              files.expect(file);
            },
            sequence -> files.send(file, sequence),
            rows -> {})
        .onComplete(done -> files.over(file));
  }

  /** Sends COM_STMT_PREPARE; fails with {@link BackendRefusedException} for an error. */
  public Future<Prepared> prepare(Bytes sql) {
    return collected(
            ReplyShape.PREPARE, sql.length() + 1, () -> outgoing.command(CommandCode.PREPARE, sql))
        .compose(Prepared::of);
  }

  /** Sends COM_STMT_CLOSE, which has no answer. */
  public void closeStatement(long statementId) {
    check();
    Buffer command =
        Buffer.buffer().appendByte((byte) CommandCode.CLOSE).appendIntLE((int) statementId);
    if (open()) {
      files.behind(() -> outgoing.command(command));
    }
  }

  public Future<Reply> ping() {
    return command(Buffer.buffer().appendByte((byte) CommandCode.PING), ReplyShape.SINGLE);
  }

  /** Sends COM_RESET_CONNECTION. */
  public Future<Reply> reset() {
    return command(Buffer.buffer().appendByte((byte) CommandCode.RESET), ReplyShape.SINGLE);
  }

  /** Sends COM_INIT_DB. */
  public Future<Reply> useSchema(Bytes schema) {
    return collected(
        ReplyShape.SINGLE,
        schema.length() + 1,
        () -> outgoing.command(CommandCode.INIT_DB, schema));
  }

  /**
   * Sends COM_CHANGE_USER. Nothing else may be outstanding, nor be sent before its answer: the
   * server may ask back. After an error MariaDB goes on as the user before; others close.
   */
  public Future<Reply> changeUser(
      String user, BackendCredential credential, String database, int collation) {
    check();
    Require.that(waiting.isEmpty(), "a change of the user waits for all answers before it");
    if (!open()) {
      return Future.failedFuture(lost());
    }
    Buffer payload =
        ChangeUser.of(user, credential.answer(login.salt()), database, collation)
            .encode(login.capabilities());
    Promise<Reply> promise = Promise.promise();
    outgoing.command(payload);
    changingUser = true;
    wait(
        new ChangeUserExchange(
            payload.length(), credential, login.capabilities(), socket::write, promise));
    return promise.future().onComplete(any -> changingUser = false);
  }

  /**
   * Forwards one command and streams its answer to {@code sink}, frame by frame as it comes. The OK
   * or ERR packet that ends an answer is not passed on but given in the summary. While the sink is
   * full the database is not read, and what is pipelined behind waits as well. A failed future
   * means that the answer was cut off.
   *
   * @param payload the command as the client sent it, code byte included, without frame headers
   */
  public Future<ReplySummary> relay(Buffer payload, ReplyShape shape, RelaySink sink) {
    return relay(payload, shape, sink, Optional.empty());
  }

  /** The same, with {@code digest} told of the rows that pass. */
  public Future<ReplySummary> relay(
      Buffer payload, ReplyShape shape, RelaySink sink, Optional<AnswerDigest> digest) {
    Promise<ReplySummary> promise = Promise.promise();
    int frames = frames(payload.length());
    RelayExchange exchange =
        new RelayExchange(
            payload.length(),
            frames,
            shape,
            login.capabilities(),
            sink,
            () -> holdBack(sink),
            digest,
            promise);
    return submit(exchange, promise, () -> outgoing.command(payload));
  }

  /**
   * Sends COM_BINLOG_DUMP and hands over every event of the binary log from there on, as the server
   * sends it. Completes when there will be no more, which normally is never; the connection can do
   * nothing else.
   *
   * @param serverId by which the server knows this reader among its replicas
   * @param eventBytesMax what is left of a longer event
   */
  public Future<Void> dump(
      BinlogPlace from, long serverId, int eventBytesMax, Consumer<Bytes> events) {
    Buffer payload = from.dumpCommand(serverId);
    Promise<Void> promise = Promise.promise();
    DumpExchange exchange = new DumpExchange(payload.length(), eventBytesMax, events, promise);
    return submit(exchange, promise, () -> outgoing.command(payload));
  }

  /** What the texts of collected errors are in. */
  public Charset messages() {
    return messages;
  }

  /** From now on the texts of collected errors are in this character set. */
  public void messages(Charset charset) {
    messages = charset;
  }

  /** Says goodbye; completes when the connection has ended. */
  public Future<Void> quit() {
    check();
    if (open()) {
      outgoing.command(Buffer.buffer().appendByte((byte) CommandCode.QUIT));
      outgoing.flush();
      socket.close();
    }
    return ended.future().mapEmpty();
  }

  /** Ends the connection at once, whatever is outstanding. */
  public Future<Void> close() {
    check();
    socket.close();
    lose(new BackendLostException("the connection was closed from this side"));
    return ended.future().mapEmpty();
  }

  private Future<Reply> collected(ReplyShape shape, int payloadBytes, Runnable send) {
    return collected(shape, payloadBytes, send, none -> 0, rows -> {});
  }

  private Future<Reply> collected(
      ReplyShape shape,
      int payloadBytes,
      Runnable send,
      IntUnaryOperator file,
      Consumer<Reply.Rows> each) {
    Promise<Reply> promise = Promise.promise();
    CollectExchange exchange =
        new CollectExchange(
            payloadBytes,
            frames(payloadBytes),
            shape,
            login.capabilities(),
            replyBytesMax,
            promise,
            file,
            each,
            () -> messages);
    return submit(exchange, promise, send);
  }

  private <T> Future<T> submit(Exchange exchange, Promise<T> promise, Runnable send) {
    check();
    Require.that(!changingUser, "a change of the user is under way");
    if (!open()) {
      return Future.failedFuture(lost());
    }
    if (waiting.size() >= OUTSTANDING_MAX) {
      return Future.failedFuture(
          new PipelineFullException("more than " + OUTSTANDING_MAX + " commands are outstanding"));
    }
    if (outstandingBytes > 0
        && outstandingBytes + exchange.commandBytes() > OUTSTANDING_BYTES_MAX) {
      return Future.failedFuture(
          new PipelineFullException(
              "more than " + OUTSTANDING_BYTES_MAX + " bytes of commands are outstanding"));
    }
    files.behind(send);
    if (exchange.complete()) {
      exchange.finish();
    } else {
      wait(exchange);
    }
    return promise.future();
  }

  private void wait(Exchange exchange) {
    outstandingBytes += exchange.commandBytes();
    waiting.add(exchange);
  }

  private void received(Buffer chunk) {
    try {
      scanner.feed(chunk);
    } catch (ProtocolException e) {
      socket.close();
      lose(new BackendLostException("the database broke the protocol", e));
    } catch (RuntimeException bug) {
      // Thrown by whoever waited for an answer: what follows in this chunk is lost with it.
      socket.close();
      lose(new BackendLostException("an answer could not be taken", bug));
      throw bug;
    }
  }

  private void completed(Exchange exchange) {
    outstandingBytes -= exchange.commandBytes();
    exchange.finish();
  }

  /** A server that is shut down, or that killed the connection, says so unasked. */
  private void unsolicited(Buffer payload) {
    boolean error = payload.length() > 0 && payload.getUnsignedByte(0) == ErrPacket.MARKER;
    String why = error ? ErrPacket.decode(payload).message() : "an answer without a question";
    socket.close();
    lose(new BackendLostException(why));
  }

  private void holdBack(RelaySink sink) {
    socket.pause();
    sink.whenDrained(socket::resume);
  }

  private void lose(BackendLostException why) {
    if (!ended.tryComplete(why)) {
      return;
    }
    scanner.stop();
    files.drop();
    for (Exchange exchange : waiting) {
      // Each in a turn of its own: one that throws must not keep the others waiting for ever.
      context.runOnContext(turn -> exchange.fail(why));
    }
    waiting.clear();
    outstandingBytes = 0;
  }

  private BackendLostException lost() {
    return new BackendLostException("the connection has ended", ended.future().result());
  }

  private void check() {
    Require.that(context.inThread(), "a connection is used on its own event loop");
  }

  private static int frames(int payloadBytes) {
    return payloadBytes / PacketWriter.FRAME_PAYLOAD_MAX + 1;
  }
}
