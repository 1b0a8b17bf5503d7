package io.lockstep.mysql;

/** What kind of answer a command has: enough to know where it ends. */
public enum ReplyShape {
  /** COM_QUERY and COM_STMT_EXECUTE: OK, ERR or result sets, as many as MORE_RESULTS announces. */
  RESULTS,
  /** The same, but the database may ask for a file of the client's first. */
  LOAD,
  /** COM_STMT_PREPARE: the statement's header, then the definitions it announces. */
  PREPARE,
  /** COM_FIELD_LIST and COM_STMT_FETCH: packets up to an EOF. */
  UNTIL_EOF,
  /** Everything that is answered by one packet: PING, INIT_DB, STATISTICS, SET_OPTION, … */
  SINGLE,
  /** COM_STMT_CLOSE and COM_STMT_SEND_LONG_DATA: no answer at all. */
  NONE
}
