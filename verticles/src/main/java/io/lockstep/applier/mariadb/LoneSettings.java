package io.lockstep.applier.mariadb;

import io.lockstep.applier.ContextDialect;
import io.lockstep.model.Step;
import io.lockstep.sql.SqlLexer;
import io.lockstep.sql.StatementHead;
import io.lockstep.sql.Tokens;

/**
 * What the applier's session has while a statement runs that commits by itself. It has autocommit,
 * as clients have it: without, EXCHANGE PARTITION waits for the locks of its own check of the rows
 * (seen with MariaDB 10.11: 1205 at the end of each wait). And no engine is enforced where tables
 * keep theirs: the server takes that of a partitioned table for another than InnoDB and refuses
 * DROP INDEX and a rebuild with 1290 (seen with 10.11 and 11.4).
 */
final class LoneSettings {
  private final boolean keepsEngine;

  private LoneSettings(boolean keepsEngine) {
    this.keepsEngine = keepsEngine;
  }

  static LoneSettings of(Step.Statement statement) {
    Tokens tokens = SqlLexer.read(statement.sql(), ContextDialect.of(statement));
    StatementHead head = StatementHead.of(tokens);
    boolean alters = head.does("ALTER") && head.defines("TABLE");
    return new LoneSettings(head.begins("DROP", "INDEX") || (alters && namesNoOther(tokens)));
  }

  private static boolean namesNoOther(Tokens tokens) {
    for (int i = 0; i < tokens.count(); i++) {
      int name = tokens.isSymbol(i + 1, '=') ? i + 2 : i + 1;
      if (tokens.is(i, "ENGINE") && !tokens.is(name, "INNODB")) {
        return false;
      }
    }
    return true;
  }

  String before() {
    return "SET autocommit=1" + (keepsEngine ? ", enforce_storage_engine=NULL" : "");
  }

  String after() {
    return "SET autocommit=0" + (keepsEngine ? ", enforce_storage_engine=DEFAULT" : "");
  }
}
