package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Warning;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.RelaySink;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.ReplySummary;
import io.lockstep.mysql.TextRows;
import io.lockstep.sql.Classifier;
import io.lockstep.sql.QueryTable;
import io.lockstep.sql.Statement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs CREATE TABLE … SELECT in two steps, as a definition and rows have no place together in the
 * order. What the table looks like is learnt from a temporary one, made in a branch that is rolled
 * back; then the table is defined, and the query's rows are ordered. If they cannot be, the table
 * is dropped again.
 */
final class TableFromQuery {
  private static final String BARE = "lockstep from query";
  private static final String MODEL = "`" + BARE + "`";
  private static final int EXISTS = 1050;

  /** Whatever engine the session prefers: the table will be InnoDB. */
  private static final String IN_INNODB =
      "SET STATEMENT default_storage_engine=InnoDB,default_tmp_storage_engine=NULL FOR ";

  private static final Pattern MODEL_HEAD =
      Pattern.compile("^CREATE (TEMPORARY )?TABLE [`\"][^`\"]*[`\"] ");

  private static final Pattern NEXT_ID = Pattern.compile("(?m)^(\\) .*?) AUTO_INCREMENT=\\d+");

  private final Session session;
  private final Statement statement;
  private final QueryTable table;
  private final Answer answer;
  private List<Warning> warnings = List.of();

  TableFromQuery(Session session, Statement statement, QueryTable table, Answer answer) {
    this.session = session;
    this.statement = statement;
    this.table = table;
    this.answer = answer;
  }

  /**
   * What the table is to be.
   *
   * @param definition behind its name
   * @param columns that take values, quoted
   */
  private record Model(String definition, String columns) {}

  Future<Void> run() {
    if (session.keyed().isPresent()) {
      return session.refuse(answer, CapturedWriting.KEYED);
    }
    return session
        .transaction()
        .begin(false, false)
        .compose(begun -> session.transaction().inside(BranchUse.LATEST, this::model))
        .eventually(() -> session.transaction().rollback())
        .compose(this::define);
  }

  private String bareName() {
    String written = table.name();
    return written.substring(written.lastIndexOf('.') + 1).replaceAll("[`\"\\s]", "");
  }

  private String modelName() {
    String schema = table.schema().orElse(session.state().schema());
    return (schema.isEmpty() ? "" : "`" + schema.replace("`", "``") + "`.") + MODEL;
  }

  private Bytes createModel() {
    Bytes head = Bytes.utf8(IN_INNODB + "CREATE OR REPLACE TEMPORARY TABLE " + modelName() + " ");
    return Bytes.owning(Buffer.buffer(head.toArray()).appendBytes(table.rest().view()).getBytes());
  }

  private Future<Model> model(Backend backend) {
    return backend
        .query(createModel())
        .compose(this::expectOk)
        .compose(made -> TextRows.query(backend.connection(), "SHOW CREATE TABLE " + modelName()))
        .compose(
            shown ->
                TextRows.query(backend.connection(), "SHOW COLUMNS FROM " + modelName())
                    .map(columns -> new Model(definition(shown), names(columns))))
        .eventually(() -> backend.query(dropModel()));
  }

  /** An error that names the model means the table. */
  private Future<Void> expectOk(Reply reply) {
    return reply
        .failure()
        .map(
            error ->
                new MySqlError(
                    error.code(), error.sqlState(), error.message().replace(BARE, bareName())))
        .map(error -> Future.<Void>failedFuture(new ClientErrorException(error)))
        .orElseGet(Future::succeededFuture);
  }

  /** What SHOW CREATE TABLE says behind the table's name, without its next id. */
  static String definition(TextRows shown) {
    String text = shown.rows().get(0).get(1).map(Bytes::latin1).orElse("");
    return NEXT_ID.matcher(MODEL_HEAD.matcher(text).replaceFirst("")).replaceFirst("$1");
  }

  /** The server computes the others itself. */
  private static String names(TextRows columns) {
    return columns.rows().stream()
        .filter(row -> !row.get(5).map(Bytes::utf8).orElse("").contains("GENERATED"))
        .map(row -> "`" + row.get(0).map(Bytes::latin1).orElse("").replace("`", "``") + "`")
        .collect(Collectors.joining(","));
  }

  private Future<Void> define(Model model) {
    Told told = new Told();
    return session
        .run(read(table.head() + table.name() + " " + model.definition()), told)
        .compose(
            defined -> {
              if (told.error.isPresent()) {
                answer.error(told.error.get());
                return Future.succeededFuture();
              }
              return existed() ? session.ok(answer, 1) : fill(model);
            });
  }

  /** IF NOT EXISTS of a table that exists: its rows stay as they are. */
  private boolean existed() {
    List<Warning> warnings =
        session.state().lastWrite().stream()
            .flatMap(
                outcome ->
                    outcome
                        .<List<Warning>>fold(
                            Outcome.Done::warnings, failed -> List.of(), refused -> List.of())
                        .stream())
            .toList();
    return table.ifNotExists() && warnings.stream().anyMatch(one -> one.code() == EXISTS);
  }

  /** The pieces come from the client and from the server, in the session's character set. */
  private Statement read(String text) {
    return Classifier.read(Bytes.ofLatin1(text), statement.dialect());
  }

  private Future<Void> fill(Model model) {
    Statement insert =
        read(
            "INSERT INTO "
                + table.name()
                + " ("
                + model.columns()
                + ") SELECT "
                + model.columns()
                + " FROM "
                + Bytes.utf8(modelName()).latin1());
    Told told = new Told();
    return new CapturedWriting(session, insert, told, backend -> prepare(backend, insert))
        .run()
        .eventually(this::forget)
        .transform(
            result -> {
              if (result.succeeded() && told.error.isEmpty()) {
                filled(told.ok);
                return Future.succeededFuture();
              }
              Future<Void> why =
                  result.succeeded()
                      ? Future.failedFuture(new ClientErrorException(told.error.orElseThrow()))
                      : Future.failedFuture(result.cause());
              return result.succeeded() || result.cause() instanceof ClientErrorException
                  ? drop().compose(dropped -> why)
                  : why;
            });
  }

  /** The query's own warnings are those of the table that it has filled first. */
  private void filled(OkPacket ok) {
    if (warnings.isEmpty()) {
      answer.ok(ok);
      return;
    }
    String info = ok.info().replace("Warnings: 0", "Warnings: " + warnings.size());
    int status = session.state().status();
    session
        .state()
        .wrote(
            new Outcome.Done(ok.affected(), 0, warnings.size(), info, status, warnings, List.of()));
    answer.ok(OkPacket.of(ok.affected(), 0, status, warnings.size(), info));
  }

  /** The rows that the query gives now, in the branch in which they are taken over. */
  private Future<Buffer> prepare(Backend backend, Statement insert) {
    return backend
        .query(createModel())
        .compose(made -> expectOk(made).compose(fine -> CapturedWriting.told(backend, made)))
        .map(
            told -> {
              warnings = told;
              return Backend.textCommand(insert.sql());
            });
  }

  private Future<?> forget() {
    return session
        .mastership()
        .current()
        .filter(Backend::open)
        .map(backend -> backend.unprotected(Bytes.utf8(dropModel())))
        .orElseGet(() -> Future.failedFuture("its master is gone, and the temporary table with it"))
        .otherwiseEmpty();
  }

  private String dropModel() {
    return "DROP TEMPORARY TABLE IF EXISTS " + modelName();
  }

  private Future<Void> drop() {
    return session.run(read("DROP TABLE IF EXISTS " + table.name()), new Told());
  }

  /** What a step answered, which the client does not see. */
  private static final class Told implements Answer {
    private OkPacket ok = OkPacket.of(0);
    private Optional<MySqlError> error = Optional.empty();

    @Override
    public void ok(OkPacket told) {
      ok = told;
    }

    @Override
    public void error(MySqlError told) {
      error = Optional.of(told);
    }

    @Override
    public void packets(List<Bytes> payloads) {}

    @Override
    public Optional<RelaySink> stream() {
      return Optional.empty();
    }

    @Override
    public Future<Void> streamed(ReplySummary summary) {
      return Future.succeededFuture();
    }

    @Override
    public boolean begun() {
      return false;
    }
  }
}
