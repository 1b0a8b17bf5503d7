package io.lockstep.sequencer;

import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.log.OrderedLog;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a sequencer works with.
 *
 * @param home brings an answer of the log back to the sequencer's own context
 * @param applied the last seq in this node's database: where the order stands when the log holds no
 *     entry any more
 * @param busy whether this machine's processors have little to spare
 * @param broken told once when the log does not answer any more or cannot be understood: the node
 *     must stop
 */
public record SequencerPorts(
    NodeId self,
    OrderedLog log,
    Bus bus,
    Timers timers,
    Executor home,
    Supplier<Seq> applied,
    BooleanSupplier busy,
    Consumer<Throwable> broken) {}
