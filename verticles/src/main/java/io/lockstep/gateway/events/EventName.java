package io.lockstep.gateway.events;

/** An event's schema and name, as its definition writes them. */
public record EventName(String schema, String name) {
  @Override
  public String toString() {
    return schema + "." + name;
  }
}
