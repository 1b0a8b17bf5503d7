package io.lockstep.load;

/** The latest of a run of immutable values, set on one context and readable on any thread. */
final class Latest<T> {
  private volatile T value;

  Latest(T first) {
    value = first;
  }

  T get() {
    return value;
  }

  void set(T newer) {
    value = newer;
  }
}
