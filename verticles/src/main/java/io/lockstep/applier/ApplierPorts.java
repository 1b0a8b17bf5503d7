package io.lockstep.applier;

import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.NodeId;
import java.util.concurrent.Executor;

/**
 * What an applier works with.
 *
 * @param self this node
 * @param loop runs the applier's own code, one piece after the other
 */
public record ApplierPorts(
    NodeId self, OrderedLog log, ReplicaDatabase database, Bus bus, Timers timers, Executor loop) {}
