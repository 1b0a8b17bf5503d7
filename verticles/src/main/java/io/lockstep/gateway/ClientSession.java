package io.lockstep.gateway;

import io.lockstep.gateway.accounts.AccountDirectory;
import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.SessionId;
import io.lockstep.mysql.Capabilities;
import io.lockstep.mysql.ChangeUser;
import io.lockstep.mysql.Command;
import io.lockstep.mysql.HandshakeResponse;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.PacketWriter;
import io.lockstep.mysql.ProtocolException;
import io.lockstep.mysql.ServerStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A signed-in client: takes its commands one at a time and gives each its answer, or closes the
 * connection when no true answer can be given.
 */
final class ClientSession {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

  private final SessionParts parts;
  private final Client client;
  private final AccountDirectory accounts;
  private final Bytes salt;
  private final long connectionId;
  private final int capabilities;
  private Session session;
  private PreparedStatements prepared;
  private int collation;
  private boolean multiStatements;

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
    return opening.begin(login).map(opening);
  }

  private Session session(LoggedIn login) {
    SessionState state = new SessionState(newId(), connectionId);
    login.response().database().ifPresent(state::schema);
    int wanted = collation > 0 && collation < 256 ? collation : parts.ports().face().collation();
    BackendFace face = new BackendFace(login.identity(), capabilities, wanted, client.port());
    return new Session(parts, state, face, Capabilities.has(capabilities, Capabilities.FOUND_ROWS));
  }

  private SessionId newId() {
    return SessionId.ofConnection(parts.random().nextLong(), parts.random().nextLong());
  }

  private Future<Void> begin(LoggedIn login) {
    return session
        .open()
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
              parts.metrics().login();
              parts.ports().connections().signedIn(connectionId, new ClientVictim(this));
              client.receiver((payload, next) -> command(payload));
              client.commandPhase();
              OkPacket welcome = OkPacket.of(ServerStatus.AUTOCOMMIT);
              client.send(
                  welcome.encode(new PacketWriter(login.nextSequence()), capabilities).toBuffer());
              client.ready();
              return null;
            });
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

  /** The client said goodbye. */
  void leave() {
    client.close();
  }

  /** The connection has ended. */
  void closed() {
    parts.ports().connections().signedOut(connectionId);
    session.close();
  }

  /** COM_CHANGE_USER: another identity, and nothing of the old session. */
  Future<Void> change(ChangeUser user) {
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
    return new Login(client, accounts, salt)
        .judge(response, capabilities, 1)
        .compose(
            login -> {
              session.close();
              collation = response.collation();
              session = session(login);
              prepared = new PreparedStatements(session, parts.config().packetBytesMax());
              return begin(login);
            });
  }

  private void command(Buffer payload) {
    client.busy();
    Command command = Command.decode(payload, capabilities, collation);
    ClientAnswer answer = new ClientAnswer(client, capabilities);
    Future<Void> done;
    try {
      done = command.fold(new Commands(this, session, payload, answer));
    } catch (ProtocolException malformed) {
      throw malformed;
    } catch (RuntimeException defect) {
      done = Future.failedFuture(defect);
    }
    done.onComplete(
        result -> {
          if (result.failed()) {
            failed(answer, result.cause());
          }
          if (!client.isClosed()) {
            client.ready();
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
}
