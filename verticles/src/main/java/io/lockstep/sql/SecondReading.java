package io.lockstep.sql;

import com.alibaba.druid.DbType;
import com.alibaba.druid.sql.SQLUtils;
import com.alibaba.druid.sql.ast.SQLStatement;
import com.alibaba.druid.sql.parser.ParserException;
import com.alibaba.druid.sql.visitor.SchemaStatVisitor;
import com.alibaba.druid.stat.TableStat;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a write's shape once more with a full SQL parser (Druid) and asks whether it names a table
 * that our own reading did not find. A parse is dear and a shape comes again and again, so answers
 * are kept by shape. Used on one event loop.
 */
final class SecondReading {
  /** How many shapes are remembered; the longest unused makes room. */
  static final int SHAPES_MAX = 4_096;

  /** Longest shape that is read again; a longer one has only our own reading. */
  static final int SHAPE_LENGTH_MAX = 8_192;

  private final Map<String, Optional<Set<String>>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Set<String>>> eldest) {
          return size() > SHAPES_MAX;
        }
      };

  /** Whether the parser found nothing that is not among the statement's tables. */
  boolean agrees(Statement statement) {
    String shape = statement.shape().text();
    if (shape.length() > SHAPE_LENGTH_MAX || statement.dialect().ansiQuotes()) {
      return true;
    }
    return known
        .computeIfAbsent(shape, SecondReading::tables)
        .map(tables -> ours(statement).containsAll(tables))
        .orElse(true);
  }

  /** The tables' bare names in lower case, one character for each byte; nothing without a parse. */
  private static Optional<Set<String>> tables(String shape) {
    try {
      List<SQLStatement> statements = SQLUtils.parseStatements(shape, DbType.mariadb);
      Set<String> names = new HashSet<>();
      for (SQLStatement statement : statements) {
        SchemaStatVisitor visitor = SQLUtils.createSchemaStatVisitor(DbType.mariadb);
        statement.accept(visitor);
        for (TableStat.Name name : visitor.getTables().keySet()) {
          names.add(bare(name.getName()));
        }
      }
      names.remove("dual");
      return Optional.of(names);
    } catch (ParserException | NumberFormatException | LinkageError | StackOverflowError none) {
      // It does not know all of the server's grammar: then it has no opinion.
      return Optional.empty();
    }
  }

  private static String bare(String qualified) {
    String plain = plain(qualified);
    return plain.substring(plain.lastIndexOf('.') + 1);
  }

  private static String plain(String name) {
    return name.replaceAll("[`\"\\\\]", "").toLowerCase(Locale.ROOT);
  }

  private static Set<String> ours(Statement statement) {
    Set<String> names = new HashSet<>();
    for (TableRef table : statement.facts().tables()) {
      byte[] bytes = table.name().getBytes(statement.dialect().charset().java());
      names.add(bare(new String(bytes, StandardCharsets.ISO_8859_1)));
    }
    return names;
  }
}
