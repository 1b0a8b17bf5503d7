package io.lockstep.sql;

/**
 * Something that a definition touches.
 *
 * @param schema empty where the object has none, or where neither text nor session names one
 */
public record DefinedObject(Type type, String schema, String name) {
  /** The kinds of objects. */
  public enum Type {
    SCHEMA,
    TABLE,
    VIEW,
    TRIGGER,
    PROCEDURE,
    FUNCTION,
    PACKAGE,
    EVENT,
    SEQUENCE,
    INDEX,
    SERVER
  }
}
