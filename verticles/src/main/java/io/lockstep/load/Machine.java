package io.lockstep.load;

/** The machine under a node, as far as its load is concerned. Never blocks. */
public interface Machine {
  /** Utilisation of all processors since the last call, 0 to 1. */
  double cpu();

  /** How many processors this process may use. */
  int cores();

  /** Memory that can still be given without swapping, in bytes. */
  long freeMemoryBytes();
}
