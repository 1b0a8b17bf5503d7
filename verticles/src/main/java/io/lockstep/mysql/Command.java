package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;

/** What a client asks for, as it stands on the wire (MariaDB: Client/Server Protocol, Commands). */
public sealed interface Command {
  /** One answer for each command, so that a new one breaks the build. */
  <R> R fold(Visitor<R> visitor);

  /**
   * Reads a command.
   *
   * @param capabilities what was agreed with this client
   * @param collation of the session, for a COM_CHANGE_USER that names none
   * @throws ProtocolException 1835 for a command that is shorter than its kind demands
   */
  static Command decode(Buffer payload, long capabilities, int collation) {
    return CommandDecoder.decode(payload, capabilities, collation);
  }

  /** A branch for each command. */
  interface Visitor<R> {
    R quit(Quit command);

    R initDb(InitDb command);

    R query(Query command);

    R fieldList(FieldList command);

    R statistics(Statistics command);

    R refresh(Refresh refresh);

    R processKill(ProcessKill command);

    R debug(Debug command);

    R ping(Ping command);

    R change(Change command);

    R prepare(Prepare command);

    R execute(Execute command);

    R bulkExecute(BulkExecute command);

    R longData(LongData command);

    R closeStatement(CloseStatement command);

    R resetStatement(ResetStatement command);

    R fetch(Fetch command);

    R setOption(SetOption command);

    R resetConnection(ResetConnection command);

    R unknown(Unknown command);
  }

  /** Whether it runs a prepared statement: what it holds may be wrong without ending a session. */
  default boolean executes() {
    return this instanceof Execute || this instanceof BulkExecute;
  }

  /** COM_QUIT: the client leaves; no answer. */
  record Quit() implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.quit(this);
    }
  }

  /** COM_INIT_DB: another default schema. */
  record InitDb(Bytes schema) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.initDb(this);
    }
  }

  /** COM_QUERY: SQL text, one statement or several. */
  record Query(Bytes sql) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.query(this);
    }
  }

  /** COM_FIELD_LIST: the columns of a table. */
  record FieldList(Bytes table, Bytes wildcard) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.fieldList(this);
    }
  }

  /** COM_STATISTICS: one line about the server. */
  record Statistics() implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.statistics(this);
    }
  }

  /**
   * COM_REFRESH: what FLUSH does, of several things at once.
   *
   * @param options a bit each: 1 grants, 2 logs, 4 tables, 8 hosts, 16 status, 32 threads, 64
   *     replica, 128 binary log (MariaDB Knowledge Base, COM_REFRESH)
   */
  record Refresh(int options) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.refresh(this);
    }
  }

  /** COM_PROCESS_KILL: end another connection; the id is unsigned, 32 bits. */
  record ProcessKill(long connectionId) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.processKill(this);
    }
  }

  /** COM_DEBUG: dump state into the server's log. */
  record Debug() implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.debug(this);
    }
  }

  /** COM_PING. */
  record Ping() implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.ping(this);
    }
  }

  /** COM_CHANGE_USER: become somebody else. */
  record Change(ChangeUser user) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.change(this);
    }
  }

  /** COM_STMT_PREPARE. */
  record Prepare(Bytes sql) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.prepare(this);
    }
  }

  /**
   * COM_STMT_EXECUTE; {@code parameters} is for {@link ParameterDecoder}, {@code cursor} the cursor
   * type, 0 for none.
   */
  record Execute(long statementId, int cursor, Buffer parameters) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.execute(this);
    }
  }

  /**
   * COM_STMT_BULK_EXECUTE: one statement with many rows of parameters (MariaDB: Binary Protocol);
   * {@code rows} is for {@link ParameterDecoder#decodeRows}.
   */
  record BulkExecute(long statementId, int flags, Buffer rows) implements Command {
    /** The types of the parameters stand before the first row. */
    private static final int TYPES = 128;

    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.bulkExecute(this);
    }

    /** Whether the types of the parameters stand before the rows. */
    boolean typesFollow() {
      return (flags & TYPES) != 0;
    }
  }

  /** COM_STMT_SEND_LONG_DATA: a further piece of one parameter; no answer. */
  record LongData(long statementId, int parameter, Bytes piece) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.longData(this);
    }
  }

  /** COM_STMT_CLOSE; no answer. */
  record CloseStatement(long statementId) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.closeStatement(this);
    }
  }

  /** COM_STMT_RESET: forget long data and cursor. */
  record ResetStatement(long statementId) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.resetStatement(this);
    }
  }

  /** COM_STMT_FETCH: more rows of a cursor. */
  record Fetch(long statementId, long rows) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.fetch(this);
    }
  }

  /** COM_SET_OPTION: 0 turns multi-statements on, 1 off. */
  record SetOption(int option) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.setOption(this);
    }
  }

  /** COM_RESET_CONNECTION: forget the session's state. */
  record ResetConnection() implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.resetConnection(this);
    }
  }

  /** Anything else, to be answered with 1047. */
  record Unknown(int code) implements Command {
    @Override
    public <R> R fold(Visitor<R> visitor) {
      return visitor.unknown(this);
    }
  }
}
