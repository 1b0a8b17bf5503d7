package io.lockstep.model;

/** How the applier must run a write. */
public enum WriteKind {
  /** Rows of InnoDB tables; shares a database transaction with its position and its neighbours. */
  DML(1),
  /** Objects: commits by itself, so its intent is recorded before and looked at after a restart. */
  DDL(2),
  /** Accounts, roles and grants: commits by itself, like DDL. */
  ACCOUNT(3),
  /**
   * No SQL: every node takes a checksum of its whole content at this seq; {@code sql} is its id.
   */
  CHECKPOINT(4),
  /** The steps of a transaction that a client has seen, to come out the same or not at all. */
  TRANSACTION(5),
  /** No SQL: takes AUTO_INCREMENT ids for an open transaction; its draw says how many. */
  IDS(6),
  /**
   * Takes or gives back table locks, rows of Lockstep's own: whatever was analysed in the schemas
   * that it names before it had its place is analysed again, and so meets the locks.
   */
  TABLE_LOCKS(7),
  /**
   * No SQL: gives back ids that an open transaction took ahead; its draw says how many, behind the
   * highest. Nothing happens if others have drawn since.
   */
  IDS_UNUSED(8);

  private final int code;

  WriteKind(int code) {
    this.code = code;
  }

  /** The number that stands for this kind in the log; never reused. */
  public int code() {
    return code;
  }

  /**
   * The kind of a number read from the log.
   *
   * @throws IllegalArgumentException for a number that no version has written
   */
  public static WriteKind of(int code) {
    for (WriteKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no write kind has the code " + code);
  }

  /** Whether the statement commits by itself and cannot share a transaction with the position. */
  public boolean commitsByItself() {
    return this == DDL || this == ACCOUNT;
  }

  /** Whether its neighbours may share the database transaction that it runs in. */
  public boolean sharesTransactions() {
    return this == DML || this == TRANSACTION || this == IDS || this == IDS_UNUSED;
  }

  /** Whether analyses made before this write may no longer hold. */
  public boolean changesDefinitions() {
    return this == DDL || this == ACCOUNT;
  }
}
