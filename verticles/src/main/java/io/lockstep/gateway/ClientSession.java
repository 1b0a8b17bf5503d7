package io.lockstep.gateway;

import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.model.Bytes;
import io.lockstep.model.ClientProcess;
import io.lockstep.model.MySqlError;
import io.lockstep.model.SessionId;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.ChangeUser;
import io.lockstep.mysql.Command;
import io.lockstep.mysql.HandshakeResponse;
import io.lockstep.mysql.NativePassword;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.ProtocolException;
import io.lockstep.mysql.ServerStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A signed-in client: takes its commands one at a time and gives each its answer, or closes the
 * connection when no true answer can be given.
 */
final class ClientSession {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

  /** As many as the server takes ({@code sql_parse.cc}, {@code failed_com_change_user}). */
  private static final int CHANGES_REFUSED_MAX = 3;

  private final SessionParts parts;
  private final Client client;
  private final AccountDirectory accounts;
  private final Bytes salt;
  private final long connectionId;
  private final long capabilities;
  private int changesRefused;
  private Session session;
  private PreparedStatements prepared;
  private int collation;
  private boolean multiStatements;
  private boolean compressed;
  private Optional<IdleWatch> watch = Optional.empty();
  private final Activity activity;

  private ClientSession(
      SessionParts parts,
      Client client,
      AccountDirectory accounts,
      Bytes salt,
      long connectionId,
      LoggedIn login) {
    this.parts = parts;
    this.client = client;
    this.accounts = accounts;
    this.salt = salt;
    this.connectionId = connectionId;
    this.capabilities = login.capabilities();
    this.collation = login.response().collation();
    this.multiStatements = Commands.multiStatements(capabilities);
    this.activity = new Activity(parts.ports().timers());
    this.session = session(login);
    this.prepared = new PreparedStatements(session, parts.config().packetBytesMax());
  }

  /** Opens the session at a master and answers the login. */
  static Future<ClientSession> open(
      SessionParts parts,
      Client client,
      AccountDirectory accounts,
      Bytes salt,
      long connectionId,
      LoggedIn login) {
    ClientSession opening = new ClientSession(parts, client, accounts, salt, connectionId, login);
    return opening.begin(login, () -> {}).map(opening);
  }

  private Session session(LoggedIn login) {
    SessionState state = new SessionState(newId(), connectionId);
    login.response().database().ifPresent(state::schema);
    client.tls().ifPresent(state::tls);
    // Its master must know the account as this node does.
    state.saw(parts.ports().position().get().definitionsSeq());
    int wanted = collation > 0 && collation < 256 ? collation : parts.ports().face().collation();
    BackendFace face = new BackendFace(login.identity(), capabilities, wanted, client.port());
    return new Session(parts, state, face, Capabilities.has(capabilities, Capabilities.FOUND_ROWS));
  }

  private SessionId newId() {
    return SessionId.ofConnection(parts.random().nextLong(), parts.random().nextLong());
  }

  /** {@code inside} runs before the client hears that it is in, and may go on. */
  private Future<Void> begin(LoggedIn login, Runnable inside) {
    return new UserConnections(parts.sessions(), accounts)
        .admit(login.identity(), connectionId)
        .compose(admitted -> session.open())
        .recover(
            cause ->
                Future.failedFuture(
                    new LoginRefusedException(refusal(cause), login.nextSequence())))
        .map(
            settings -> {
              if (client.isClosed()) {
                session.close();
                throw new SessionLostException("the client is gone");
              }
              inside.run();
              parts.metrics().login();
              parts.ports().connections().signedIn(connectionId, new ClientVictim(this));
              client.receiver(this::command);
              client.commandPhase();
              welcome(login);
              watch();
              return null;
            });
  }

  private void welcome(LoggedIn login) {
    OkPacket ok =
        OkPacket.of(0, 0, ServerStatus.AUTOCOMMIT, 0, proof(login.identity()))
            .withStateOf(session.backend().connection().loginOk());
    Future<Void> sent =
        client.send(ok.encode(new PacketWriter(login.nextSequence()), capabilities).toBuffer());
    boolean compresses =
        Capabilities.has(capabilities, Capabilities.COMPRESS | Capabilities.ZSTD) && !compressed;
    if (!compresses) {
      client.ready();
      return;
    }
    compressed = true;
    sent.onSuccess(
        gone -> {
          client.startCompression(capabilities);
          client.ready();
        });
  }

  /** What lets a client trust our certificate by its password. */
  private String proof(Identity identity) {
    boolean provable = client.secured() && identity.stage1().length() > 0;
    return parts
        .config()
        .tls()
        .server()
        .filter(tls -> provable)
        .map(tls -> tls.proof(NativePassword.stage2(identity.stage1()), salt))
        .orElse("");
  }

  private static MySqlError refusal(Throwable cause) {
    return cause instanceof ClientErrorException client
        ? client.error()
        : MySqlError.notReady("no database can be reached");
  }

  boolean multiStatements() {
    return multiStatements;
  }

  void multiStatements(boolean allowed) {
    multiStatements = allowed;
  }

  PreparedStatements prepared() {
    return prepared;
  }

  Session session() {
    return session;
  }

  SessionParts parts() {
    return parts;
  }

  Activity activity() {
    return activity;
  }

  /** This session for SHOW PROCESSLIST. */
  ClientProcess process(int infoLengthMax) {
    String info =
        activity
            .statement(id -> prepared.find(id).map(PreparedStatement::sql))
            .map(Bytes::utf8)
            .map(ClientSession::withoutEnd)
            .orElse("");
    return new ClientProcess(
        connectionId,
        session.identity().user(),
        client.address() + ":" + client.port(),
        session.state().schema(),
        activity.command(),
        activity.timeMs(),
        activity.idle() ? "" : state(),
        info.length() <= infoLengthMax ? info : info.substring(0, infoLengthMax));
  }

  /** The server leaves semicolons and spaces at the end out (sql_parse.cc, alloc_query). */
  private static String withoutEnd(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == ';' || text.charAt(end - 1) <= ' ')) {
      end--;
    }
    return text.substring(0, end);
  }

  private String state() {
    if (session.tables().waits()) {
      return "Waiting for table metadata lock";
    }
    if (session.locks().waits()) {
      return "User lock";
    }
    return session.mastership().current().map(backend -> "at " + backend.node()).orElse("moving");
  }

  /** The client said goodbye. */
  void leave() {
    client.close();
  }

  /** The connection has ended. */
  void closed() {
    parts.ports().connections().signedOut(connectionId);
    watch.ifPresent(IdleWatch::stop);
    session.close();
  }

  /**
   * COM_CHANGE_USER: another identity, and nothing of the old session. A client that is refused
   * goes on as who it was, but without what its session had; after the third time it is not even
   * looked at (MDEV-3915).
   */
  Future<Void> change(ChangeUser user) {
    if (changesRefused >= CHANGES_REFUSED_MAX) {
      return Future.failedFuture(new ClientErrorException(MySqlError.unknownCommand()));
    }
    HandshakeResponse response =
        new HandshakeResponse(
            capabilities,
            0,
            user.collation(),
            user.user(),
            user.answer(),
            user.database(),
            user.plugin(),
            user.attributes());
    return new Login(client, parts.upToDate(accounts), salt, parts.config().tls())
        .judge(response, capabilities, 1)
        .compose(this::become)
        .recover(this::remain);
  }

  private Future<Void> become(LoggedIn login) {
    Session before = session;
    PreparedStatements preparedBefore = prepared;
    int collationBefore = collation;
    collation = login.response().collation();
    session = session(login);
    prepared = new PreparedStatements(session, parts.config().packetBytesMax());
    return begin(login, before::close)
        .onFailure(
            refused -> {
              session.close();
              session = before;
              prepared = preparedBefore;
              collation = collationBefore;
              if (client.isClosed()) {
                before.close();
              }
            });
  }

  private Future<Void> remain(Throwable cause) {
    if (!(cause instanceof LoginRefusedException refused)) {
      return Future.failedFuture(cause);
    }
    changesRefused++;
    prepared.clear();
    return session
        .reset()
        .map(
            reset -> {
              client.receiver(this::command);
              client.commandPhase();
              answer(refused.sequence()).error(refused.error());
              return null;
            });
  }

  private ClientAnswer answer(int first) {
    return new ClientAnswer(client, capabilities, first, session.state()::messages);
  }

  private void watch() {
    watch.ifPresentOrElse(
        IdleWatch::unsettled,
        () ->
            watch =
                Optional.of(
                    new IdleWatch(
                        parts.ports().timers(), new Watched(), parts.config().idleTimeout())));
  }

  private void command(Buffer payload, int answerSequence) {
    client.busy();
    activity.begins(payload);
    Command command = Command.decode(payload, capabilities, collation);
    ClientAnswer answer = answer(answerSequence);
    Future<Void> done;
    try {
      done = command.fold(new Commands(this, session, payload, answer));
    } catch (ProtocolException malformed) {
      if (!command.executes()) {
        throw malformed;
      }
      done = Future.failedFuture(new ClientErrorException(malformed.error()));
    } catch (RuntimeException defect) {
      done = Future.failedFuture(defect);
    }
    done.onComplete(
        result -> {
          activity.ends();
          if (result.failed()) {
            failed(answer, result.cause());
          }
          if (session.released()) {
            client.close();
          }
          if (!client.isClosed()) {
            client.ready();
          }
          if (session.state().settings().isEmpty()) {
            watch.ifPresent(IdleWatch::unsettled);
          }
        });
  }

  /** Says what can truly be said; otherwise the connection ends (invariant I4). */
  private void failed(ClientAnswer answer, Throwable cause) {
    if (cause instanceof LoginRefusedException refused) {
      client.refuse(refused.error(), refused.sequence());
      return;
    }
    Optional<MySqlError> error = answer.begun() ? Optional.empty() : Failures.error(cause);
    error.ifPresent(told -> session.state().diagnostics().failed(told, false));
    error.ifPresentOrElse(answer::error, () -> lose(cause));
  }

  private void lose(Throwable cause) {
    if (Failures.isExpected(cause)) {
      LOG.info("connection {} is closed: {}", connectionId, cause.getMessage());
    } else {
      LOG.error("connection {} is closed for a defect", connectionId, cause);
    }
    client.close();
  }

  /** The session that this client has now. */
  private final class Watched implements IdleWatch.Watched {
    @Override
    public boolean busy() {
      return client.isBusy();
    }

    @Override
    public long idleSince() {
      return client.readySince();
    }

    @Override
    public Optional<Duration> allowed() {
      return session.state().settings().map(SettingsSnapshot::idleMax);
    }

    @Override
    public Future<?> learn() {
      return session.learnSettings(client::isBusy);
    }

    @Override
    public void keepAlive() {
      session.keepAlive();
    }

    @Override
    public void end() {
      client.close();
    }
  }
}
