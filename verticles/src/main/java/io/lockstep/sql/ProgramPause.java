package io.lockstep.sql;

import io.lockstep.model.Capture;
import io.lockstep.model.MySqlError;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What stands in a procedure's body for a definition, which its branch would refuse: the branch is
 * prepared and undone, so that its rows can be ordered from the binary log; a result set tells the
 * gateway what is to be defined; a user lock holds the procedure until that is done; another branch
 * begins; and what the gateway answers is executed, an error by SIGNAL. The answer is read from the
 * process list, where the gateway's side connection of the same account shows it.
 *
 * <p>The session's user variables {@link #XA}, {@link #BASE}, {@link #COUNT}, {@link #SIDE} and
 * {@link #LEVEL} are set before the call. The procedure's own text can read and change them, and
 * must not be able to commit a branch by that (invariant I5): outside of a branch nothing of it is
 * executed; where a branch cannot be ended or begun the session ends; and no text in which XA could
 * be said, or be called, is executed ({@link #text}).
 */
public final class ProgramPause {
  /** The xid of the branch that is open. */
  public static final String XA = "lockstep.xa";

  /** What the xids of the branches behind the first begin with. */
  public static final String BASE = "lockstep.base";

  /** How many pauses there were. */
  public static final String COUNT = "lockstep.count";

  /** The connection that shows the answer. */
  public static final String SIDE = "lockstep.side";

  /** The isolation level of the branches, as SQL says it. */
  public static final String LEVEL = "lockstep.level";

  /** The first column of the result set for the gateway: the xid. */
  public static final String ASKS = "lockstep.asks";

  /** The column of a result set that says that a text was not executed. */
  public static final String REFUSED = "lockstep.refused";

  /** The lock that the gateway gives back when the procedure may go on, behind the xid. */
  public static final String GO = ".go";

  /** The lock that the procedure holds until it has read the answer, behind the xid. */
  public static final String HEARD = ".heard";

  /** The answer to a definition that was ordered. */
  public static final String DONE = "DO 0";

  /** The savepoint that begins the rows of each branch. */
  public static final String FIRST_PART = Capture.PART + "1";

  private static final String PATIENCE_SECONDS = "31536000";

  private static final String ANSWER =
      "'^(DO 0|SIGNAL SQLSTATE .[0-9A-Z]{5}. SET MYSQL_ERRNO=[0-9]+,MESSAGE_TEXT=_utf8mb4"
          + " 0x[0-9a-f]*)$'";

  /** How a text begins that defines something lasting. */
  private static final String DEFINES =
      "%1$s RLIKE '(?i)^[[:space:];]*(ALTER|CREATE|DROP|GRANT|RENAME|REVOKE|TRUNCATE)[[:space:]]'"
          + " AND %1$s NOT RLIKE"
          + " '(?i)^[[:space:];]*(CREATE|DROP)[[:space:]]+(OR[[:space:]]+REPLACE[[:space:]]+)?"
          + "(TEMPORARY|PREPARE)[[:space:]]'";

  /** A word by which a text could end its branch, or run another one that does. */
  private static final String ENDS =
      "%s RLIKE '(?i)(^|[^a-z0-9_$])(XA|CALL|EXECUTE)([^a-z0-9_$]|$)'";

  private static final String TRIED = "`lockstep.tried`";

  /** What {@link #REFUSED} stands for. */
  public static final MySqlError ENDING =
      MySqlError.notSupported(
          "the words CALL, EXECUTE and XA in a text that a stored procedure with definitions runs");

  private ProgramPause() {}

  /** For a definition whose text is known. */
  static String definition(String sql, String behind) {
    return pause("'" + hex(sql) + "'", behind);
  }

  /** The variable that keeps the text of a prepared statement. */
  static String prepared(String name) {
    return "@`lockstep.text." + name.toLowerCase(Locale.ROOT).replace("`", "``") + "`";
  }

  /**
   * For a text in a variable: a definition is ordered, and everything else is executed. What the
   * server cannot even prepare fails here, in the server's own words and before anything commits.
   *
   * @param using the USING clause, or nothing
   */
  static String text(String variable, String using, String behind) {
    String text = "CONVERT(" + variable + " USING utf8mb4)";
    return "IF "
        + DEFINES.formatted(text)
        + (" THEN BEGIN DECLARE " + TRIED + " INT DEFAULT 0; ")
        // A handler that continues must not do so with the pause.
        + "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION RESIGNAL; "
        + ("PREPARE " + TRIED + " FROM " + variable)
        + ("; DEALLOCATE PREPARE " + TRIED + "; SET " + TRIED + "=1; END; ")
        + ("IF " + TRIED + " THEN ")
        + pause("HEX(" + text + ")", behind)
        + "; END IF; END"
        + ("; ELSEIF " + ENDS.formatted(text) + " THEN ")
        + ("SELECT 1 AS `" + REFUSED + "`; " + signal(ENDING))
        + ("; ELSE EXECUTE IMMEDIATE " + variable + using)
        + "; END IF";
  }

  /** An error as a statement. */
  public static String signal(MySqlError error) {
    return "SIGNAL SQLSTATE '"
        + error.sqlState()
        + "' SET MYSQL_ERRNO="
        + error.code()
        + ",MESSAGE_TEXT=_utf8mb4 0x"
        + hex(error.message());
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param hex the definition, an expression
   * @param behind more statements behind the beginning of the next branch, each with its semicolon
   */
  private static String pause(String hex, String behind) {
    return "BEGIN DECLARE `lockstep.answer` LONGTEXT; "
        + "BEGIN DECLARE CONTINUE HANDLER FOR SQLWARNING, NOT FOUND BEGIN END; "
        + "DECLARE EXIT HANDLER FOR SQLEXCEPTION KILL HARD CONNECTION CONNECTION_ID(); "
        + xa("END")
        + xa("PREPARE")
        + xa("ROLLBACK")
        + ("DO GET_LOCK(" + lock(HEARD) + ",0); ")
        + ("SELECT @`" + XA + "` AS `" + ASKS + "`," + hex + ",HEX(@@sql_mode),")
        + "HEX(IFNULL(DATABASE(),'')),HEX(CONCAT(@@foreign_key_checks,'')); "
        + ("DO GET_LOCK(" + lock(GO) + "," + PATIENCE_SECONDS + "); ")
        + "SELECT CONVERT(UNHEX(SUBSTRING_INDEX(SUBSTRING_INDEX(INFO,'''',2),'''',-1))"
        + " USING utf8mb4) INTO `lockstep.answer` FROM information_schema.PROCESSLIST"
        + (" WHERE ID=@`" + SIDE + "`; ")
        + ("DO RELEASE_LOCK(" + lock(HEARD) + "),RELEASE_LOCK(" + lock(GO) + "); ")
        + ("SET @`" + COUNT + "`=@`" + COUNT + "`+1; ")
        + ("SET @`" + XA + "`=CONCAT(@`" + BASE + "`,@`" + COUNT + "`); ")
        + ("CASE @`" + LEVEL + "` ")
        + level("READ UNCOMMITTED")
        + level("READ COMMITTED")
        + "ELSE SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE; END CASE; "
        + xa("START")
        + ("SAVEPOINT `" + FIRST_PART + "`; ")
        + behind
        + ("END; IF IFNULL(`lockstep.answer`,'') RLIKE " + ANSWER)
        + " THEN EXECUTE IMMEDIATE `lockstep.answer`; "
        // It was woken by KILL QUERY.
        + "ELSE KILL QUERY CONNECTION_ID(); END IF; END";
  }

  private static String level(String name) {
    return "WHEN '" + name + "' THEN SET TRANSACTION ISOLATION LEVEL " + name + ", READ WRITE; ";
  }

  private static String xa(String verb) {
    return "EXECUTE IMMEDIATE CONCAT('XA " + verb + " ''',@`" + XA + "`,''''); ";
  }

  private static String lock(String suffix) {
    return "CONCAT(@`" + XA + "`,'" + suffix + "')";
  }
}
