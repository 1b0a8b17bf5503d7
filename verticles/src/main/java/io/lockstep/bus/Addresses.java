package io.lockstep.bus;

import io.lockstep.model.Applied;
import io.lockstep.model.Capture;
import io.lockstep.model.CaptureQuestion;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.ClientProcess;
import io.lockstep.model.HandedOver;
import io.lockstep.model.Head;
import io.lockstep.model.InTheWay;
import io.lockstep.model.KillAnswer;
import io.lockstep.model.KillAsked;
import io.lockstep.model.NodeId;
import io.lockstep.model.ProcedureAsked;
import io.lockstep.model.ProcedureMade;
import io.lockstep.model.ProcessesAsked;
import io.lockstep.model.Seq;
import io.lockstep.model.Sequenced;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.SequencerStatus;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Every question and every topic that crosses the event bus between the stages. */
public final class Addresses {
  /** To the sequencer: give this write its place. */
  public static final Route<Write, Sequenced> PROPOSE =
      new Route<>("sequencer.propose", new WriteCodec(), new SequencedCodec());

  /** To any node's applier: what became of this write, as far as this node has applied? */
  public static final Route<WriteId, Optional<Applied>> ASK_OUTCOME =
      new Route<>("applier.outcome", new WriteIdCodec(), new OptionalCodec<>(new AppliedCodec()));

  /**
   * To any node's applier: answer with your position as soon as the write at this seq is applied;
   * fail when that takes more than {@link #REACHED_WITHIN}.
   */
  public static final Route<Seq, Seq> REACHED =
      new Route<>("applier.reached", new SeqCodec(), new SeqCodec());

  /**
   * To any node's applier: answer with your position as soon as all is applied that your log has
   * committed by now; fail when that takes more than {@link #REACHED_WITHIN}.
   */
  public static final Route<Nothing, Seq> SETTLED =
      new Route<>("applier.settled", Nothing.CODEC, new SeqCodec());

  /** How long an applier lets an asker of {@link #REACHED} wait. */
  public static final Duration REACHED_WITHIN = Duration.ofSeconds(5);

  /** To the node at whose database a branch was prepared: what has it changed? */
  public static final Route<CaptureQuestion, Capture> CAPTURE =
      new Route<>("capture.rows", new CaptureQuestionCodec(), new CaptureCodec());

  /** How long an asker of {@link #CAPTURE} waits at most; a later answer is not to be used. */
  public static final Duration CAPTURE_WITHIN = Duration.ofSeconds(3);

  /** To the node at whose database a session is: make one of your own of this procedure. */
  public static final Route<ProcedureAsked, ProcedureMade> PROCEDURE =
      new Route<>("gateway.procedure", new ProcedureAskedCodec(), new ProcedureMadeCodec());

  /** To any node's sequencer: what are you? */
  public static final Route<Nothing, SequencerStatus> STATUS =
      new Route<>("sequencer.status", Nothing.CODEC, new SequencerStatusCodec());

  /** To the sequencer: where does the committed log end, confirmed with a quorum? */
  public static final Route<Nothing, Head> HEAD =
      new Route<>("sequencer.head", Nothing.CODEC, new HeadCodec());

  /** To the sequencer: hand over to the node named. Fails when it does not lead. */
  public static final Route<NodeId, Nothing> RESIGN =
      new Route<>("sequencer.resign", new NodeIdCodec(), Nothing.CODEC);

  /** To any node's gateways: which clients do you serve? */
  public static final Route<ProcessesAsked, List<ClientProcess>> PROCESSES =
      new Route<>("gateway.processes", new ProcessesAskedCodec(), new ClientProcessesCodec());

  /** To any node's gateways: end this client's session, or what it runs, if it is yours. */
  public static final Route<KillAsked, KillAnswer> KILL =
      new Route<>("gateway.kill", new KillAskedCodec(), new KillAnswerCodec());

  /** To the gateway of a write: its outcome at its master. */
  public static final Topic<Applied> OUTCOMES = new Topic<>("gateway.outcomes", new AppliedCodec());

  /** To all gateways: these branches hold what an applier waits for. */
  public static final Topic<InTheWay> IN_THE_WAY = new Topic<>("gateway.way", new InTheWayCodec());

  /** To all gateways: the locks on these rows are let go, and are needed for what is ordered. */
  public static final Topic<HandedOver> HANDED_OVER =
      new Topic<>("gateway.handed", new HandedOverCodec());

  /** To all: who stamps. */
  public static final Topic<SequencerRecord> SEQUENCER_RECORD =
      new Topic<>("sequencer.record", new SequencerRecordCodec());

  /** To all: what a node holds at a checkpoint. */
  public static final Topic<CheckpointReport> CHECKPOINT_REPORT =
      new Topic<>("applier.checkpoint", new CheckpointReportCodec());

  private Addresses() {}
}
