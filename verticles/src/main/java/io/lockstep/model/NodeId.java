package io.lockstep.model;

import java.util.regex.Pattern;

/**
 * The configured name of one Lockstep process and the database server it owns, such as {@code n1}.
 */
public record NodeId(String name) implements Comparable<NodeId> {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");

  public NodeId {
    Require.that(
        SHAPE.matcher(name).matches(), "a node id is 1 to 32 letters, digits, '_' or '-': " + name);
  }

  @Override
  public int compareTo(NodeId other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
