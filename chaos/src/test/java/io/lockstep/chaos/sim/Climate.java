package io.lockstep.chaos.sim;

/**
 * How rough one run is.
 *
 * @param loss the share of messages that are lost
 * @param duplication the share that arrives twice
 * @param lateness the share that is late by up to 0.4 s
 * @param databaseTrouble the share of the databases' calls that fail
 * @param faultEvery the mean time between faults, in nanoseconds
 */
record Climate(
    double loss, double duplication, double lateness, double databaseTrouble, long faultEvery) {
  static Climate of(Chance chance) {
    double roughness = chance.fraction();
    return new Climate(
        chance.once(0.3) ? 0 : 0.05 * roughness * chance.fraction(),
        chance.once(0.3) ? 0 : 0.05 * chance.fraction(),
        chance.once(0.3) ? 0 : 0.1 * roughness * chance.fraction(),
        chance.once(0.4) ? 0 : 0.05 * chance.fraction(),
        chance.between(60 * SimTime.MILLI, 500 * SimTime.MILLI));
  }
}
