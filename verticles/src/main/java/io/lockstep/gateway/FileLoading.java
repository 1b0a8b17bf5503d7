package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.sql.Statement;
import io.lockstep.sql.StatementClass;
import io.lockstep.sql.SystemSchemas;
import io.vertx.core.Future;

/**
 * Runs LOAD DATA LOCAL: takes the whole file from the client first, so that a slow client holds no
 * locks and an execution that is overtaken can be repeated, then has it loaded at the branch. Its
 * rows are ordered.
 */
final class FileLoading {
  private static final MySqlError TOO_LONG =
      MySqlError.notSupported(
          "files of more than " + LocalFile.BYTES_MAX + " bytes in LOAD DATA; load them in parts");

  private final Session session;
  private final Statement statement;
  private final Answer answer;

  FileLoading(Session session, Statement statement, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.answer = answer;
  }

  Future<Void> run(StatementClass.Load load) {
    if (session.transaction().readOnly()) {
      return session.refuse(answer, Writing.READ_ONLY);
    }
    if (session.temporary().has(load.target(), session.state().schema())) {
      return session.refuse(answer, MySqlError.notSupported("LOAD DATA into a temporary table"));
    }
    if (load.target().in(session.state().schema()).filter(SystemSchemas::holds).isPresent()) {
      return session.refuse(
          answer, MySqlError.notSupported("LOAD DATA into the system's own tables"));
    }
    return answer
        .file(load.file())
        .compose(file -> file.tooLong() ? session.refuse(answer, TOO_LONG) : load(file));
  }

  private Future<Void> load(LocalFile file) {
    return session.transaction().open()
        ? new TransactionWriting(session, statement, answer).loaded(file)
        : new CapturedWriting(session, statement, answer, file).run();
  }
}
