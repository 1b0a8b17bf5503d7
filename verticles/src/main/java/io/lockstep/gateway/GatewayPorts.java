package io.lockstep.gateway;

import io.lockstep.bus.Bus;
import io.lockstep.bus.Timers;
import io.lockstep.gateway.accounts.AccountSource;
import io.lockstep.gateway.events.EventRows;
import io.lockstep.gateway.locks.LockRows;
import io.lockstep.load.LoadBoard;
import io.lockstep.load.MasterChooser;
import io.lockstep.model.NodeId;
import io.lockstep.model.Position;
import io.lockstep.model.Seq;
import io.lockstep.sql.Catalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/**
 * What a gateway works with; all of it may be used from several gateways at once.
 *
 * @param self this node
 * @param catalogues makes the view of the definitions in this node's own database, one for each
 *     gateway
 * @param board where every node's database is and how far it has come
 * @param position what this node's own database has applied
 * @param accounts the accounts in this node's own database
 * @param face what clients see of the server before they sign in
 * @param connections every client of this node
 * @param locks the user locks and table locks in this node's own database
 * @param locked the last change of table locks that is in it, when the position is asked for first
 * @param events the events in this node's own database
 * @param own Lockstep's own account at this node's database
 */
public record GatewayPorts(
    NodeId self,
    Bus bus,
    Timers timers,
    SequencerHint sequencer,
    Supplier<Catalogue> catalogues,
    LoadBoard board,
    MasterChooser masters,
    Supplier<Position> position,
    AccountSource accounts,
    ServerFace face,
    Connections connections,
    LockRows locks,
    Supplier<Seq> locked,
    EventRows events,
    Identity own,
    MeterRegistry meters) {}
