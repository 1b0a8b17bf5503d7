package io.lockstep.mysql;

import io.lockstep.model.Bytes;
import io.vertx.core.buffer.Buffer;

/** Reads the commands of clients. */
final class CommandDecoder {
  /** What COM_PROCESS_INFO asks for has a statement of its own, with the same answer. */
  private static final Bytes PROCESS_LIST = Bytes.utf8("SHOW PROCESSLIST");

  private CommandDecoder() {}

  static Command decode(Buffer payload, long capabilities, int collation) {
    PayloadReader in = new PayloadReader(payload);
    int code = in.u8();
    return switch (code) {
      case CommandCode.QUIT -> new Command.Quit();
      case CommandCode.INIT_DB -> new Command.InitDb(in.rest());
      case CommandCode.QUERY -> new Command.Query(in.rest());
      case CommandCode.FIELD_LIST -> new Command.FieldList(in.nulTerminated(), in.rest());
      case CommandCode.STATISTICS -> new Command.Statistics();
      case CommandCode.REFRESH -> new Command.Refresh(in.u8());
      case CommandCode.PROCESS_INFO -> new Command.Query(PROCESS_LIST);
      case CommandCode.PROCESS_KILL -> new Command.ProcessKill(in.u32());
      case CommandCode.DEBUG -> new Command.Debug();
      case CommandCode.PING -> new Command.Ping();
      case CommandCode.CHANGE_USER ->
          new Command.Change(ChangeUser.decode(in, capabilities, collation));
      case CommandCode.PREPARE -> new Command.Prepare(in.rest());
      case CommandCode.EXECUTE -> execute(in, payload);
      case CommandCode.BULK_EXECUTE -> bulk(in, payload);
      case CommandCode.LONG_DATA -> new Command.LongData(in.u32(), in.u16(), in.rest());
      case CommandCode.CLOSE -> new Command.CloseStatement(in.u32());
      case CommandCode.STMT_RESET -> new Command.ResetStatement(in.u32());
      case CommandCode.FETCH -> new Command.Fetch(in.u32(), in.u32());
      case CommandCode.SET_OPTION -> new Command.SetOption(in.u16());
      case CommandCode.RESET -> new Command.ResetConnection();
      default -> new Command.Unknown(code);
    };
  }

  private static Command bulk(PayloadReader in, Buffer payload) {
    long statement = in.u32();
    int flags = in.u16();
    Buffer rows = payload.slice(payload.length() - in.remaining(), payload.length());
    return new Command.BulkExecute(statement, flags, rows);
  }

  private static Command execute(PayloadReader in, Buffer payload) {
    long statement = in.u32();
    int cursor = in.u8();
    // An iteration count, which is always 1.
    in.skip(4);
    Buffer parameters = payload.slice(payload.length() - in.remaining(), payload.length());
    return new Command.Execute(statement, cursor, parameters);
  }
}
