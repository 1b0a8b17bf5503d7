package io.lockstep.sql;

/** What a function's value depends on beside its arguments. */
public enum FunctionKind {
  /** Nothing else, or only what travels with every write (schema, character set, sql_mode). */
  PLAIN,
  /** The statement's time. */
  TIME,
  /** The session's random seeds. */
  RAND,
  LAST_INSERT_ID,
  CONNECTION_ID,
  /** {@code USER()} and its synonyms: the client's own name. */
  USER,
  /** {@code CURRENT_USER()}: the account, or a definer. */
  CURRENT_USER,
  CURRENT_ROLE,
  /** A fresh value with every call. */
  UUID,
  /** Takes a value from a sequence. */
  SEQUENCE,
  /** {@code GET_LOCK} and its family. */
  USER_LOCK,
  /** An aggregate whose value depends on the order of rows, or may do so for some types. */
  ORDERED_AGGREGATE,
  /** Depends on something of the server or session that does not travel, or delays it. */
  UNPINNED,
  /** Not built in: a stored function as far as the text tells. */
  UNKNOWN
}
