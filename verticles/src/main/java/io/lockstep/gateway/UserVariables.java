package io.lockstep.gateway;

import io.lockstep.model.Bytes;
import io.lockstep.model.MySqlError;
import io.lockstep.model.Setting;
import io.lockstep.mysql.BackendRefusedException;
import io.lockstep.mysql.ColumnDefinition;
import io.lockstep.mysql.FieldType;
import io.lockstep.mysql.Reply;
import io.lockstep.mysql.TextRows;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads the user variables of a session, with their types, as settings that travel with a write.
 */
final class UserVariables {
  /** As many as one statement may read. */
  static final int READ_MAX = 64;

  private static final int PER_VARIABLE = 4;

  private UserVariables() {}

  /** The variables' assignments; names without {@code @}. */
  static Future<List<Setting>> read(Backend backend, Set<String> names) {
    if (names.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    if (names.size() > READ_MAX) {
      return Future.failedFuture(
          new ClientErrorException(
              MySqlError.notSupported("a write that reads more than " + READ_MAX + " variables")));
    }
    List<String> ordered = List.copyOf(new TreeSet<>(names));
    StringBuilder sql = new StringBuilder("SELECT ");
    for (String name : ordered) {
      String variable = variable(name);
      sql.append(sql.length() > 7 ? "," : "")
          .append(variable + ",HEX(" + variable + "),CHARSET(" + variable + "),COLLATION(")
          .append(variable + ")");
    }
    sql.append(" LIMIT 1");
    return backend.query(Bytes.utf8(sql.toString())).compose(reply -> settings(reply, ordered));
  }

  /** The statement that gives these values back. */
  static String assignment(List<Setting> variables) {
    return variables.stream()
        .map(setting -> setting.name() + "=" + setting.literal())
        .collect(Collectors.joining(",", "SET ", ""));
  }

  private static String variable(String name) {
    return "@`" + name.replace("`", "``") + "`";
  }

  private static Future<List<Setting>> settings(Reply reply, List<String> names) {
    return reply.fold(
        ok -> Future.failedFuture(new IllegalStateException("no rows of user variables")),
        err -> Future.failedFuture(new BackendRefusedException(err.error())),
        results ->
            results
                .parts()
                .get(0)
                .foldPart(
                    ok -> Future.failedFuture(new IllegalStateException("no rows")),
                    err -> Future.failedFuture(new BackendRefusedException(err.error())),
                    rows -> Future.succeededFuture(settings(rows, names))));
  }

  private static List<Setting> settings(Reply.Rows rows, List<String> names) {
    List<Optional<Bytes>> row = TextRows.of(rows).rows().get(0);
    List<Setting> settings = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int column = i * PER_VARIABLE;
      ColumnDefinition definition =
          ColumnDefinition.decode(Buffer.buffer(rows.packets().get(1 + column).view()));
      settings.add(
          new Setting(
              variable(names.get(i)),
              literal(definition.type(), row.subList(column, column + PER_VARIABLE))));
    }
    return settings;
  }

  /** An expression of the same type, value, character set and collation. */
  private static String literal(int type, List<Optional<Bytes>> value) {
    if (value.get(0).isEmpty()) {
      return "NULL";
    }
    String text = value.get(0).get().latin1();
    return switch (type) {
      case FieldType.LONGLONG, FieldType.LONG -> text;
      case FieldType.NEWDECIMAL, FieldType.DECIMAL ->
          text.indexOf('.') < 0 ? "CAST(" + text + " AS DECIMAL(65,0))" : text;
      case FieldType.DOUBLE, FieldType.FLOAT -> text.indexOf('e') < 0 ? text + "e0" : text;
      default -> {
        String charset = value.get(2).map(Bytes::latin1).orElse("binary");
        String hex = value.get(1).map(Bytes::latin1).orElse("");
        String collation = value.get(3).map(Bytes::latin1).orElse("binary");
        yield "_" + charset + " x'" + hex + "' COLLATE `" + collation + "`";
      }
    };
  }
}
