package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.TableName;
import java.util.Optional;

/** What a CALL or a compound statement runs. Immutable. */
public sealed interface CalledProgram permits CalledProcedure, CompoundStatement {
  /** The procedure, or where one would be that does the same. */
  TableName name();

  /** The program, where the statement itself holds it. */
  Optional<StoredProcedure> itself();

  /** The statement that runs this procedure, of the schema of {@link #name}, in its place. */
  Bytes of(String procedure);

  /** What the server says of the procedure in its place, as it would say it of the statement. */
  String told(String message, String procedure);
}
