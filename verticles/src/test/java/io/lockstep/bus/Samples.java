package io.lockstep.bus;

import io.lockstep.model.Account;
import io.lockstep.model.Applied;
import io.lockstep.model.BranchId;
import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.model.CaptureQuestion;
import io.lockstep.model.CheckpointReport;
import io.lockstep.model.ClientProcess;
import io.lockstep.model.HandedOver;
import io.lockstep.model.Head;
import io.lockstep.model.IdDraw;
import io.lockstep.model.InTheWay;
import io.lockstep.model.KillAnswer;
import io.lockstep.model.KillAsked;
import io.lockstep.model.LogEntry;
import io.lockstep.model.LogIndex;
import io.lockstep.model.MySqlError;
import io.lockstep.model.NodeId;
import io.lockstep.model.Outcome;
import io.lockstep.model.ProcedureAsked;
import io.lockstep.model.ProcedureMade;
import io.lockstep.model.ProcessesAsked;
import io.lockstep.model.Seq;
import io.lockstep.model.Sequenced;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.SequencerStatus;
import io.lockstep.model.SessionId;
import io.lockstep.model.Setting;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Term;
import io.lockstep.model.Warning;
import io.lockstep.model.Write;
import io.lockstep.model.WriteId;
import io.lockstep.model.WriteKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** One message of every kind and case. */
final class Samples {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final WriteId ID = new WriteId(new SessionId(0x0102030405060708L, 0x0a), 300);

  private Samples() {}

  static Write insert() {
    return insert(new IdDraw(new TableName("shop", "t"), "id", 1, OptionalLong.of(-7), true));
  }

  private static IdDraw leading() {
    return new IdDraw(
        new TableName("shop", "t"), "id", 1, OptionalLong.of(3), OptionalLong.of(-7), true);
  }

  private static Write insert(IdDraw ids) {
    return new Write(
        ID,
        WriteKind.DML,
        N1,
        N2,
        new Account("app", "%"),
        new Seq(41),
        List.of(
            new Step.Statement(
                "shop",
                List.of(
                    new Setting("timestamp", "1700000000.123456"),
                    new Setting("@`who`", "'me'"),
                    new Setting("sql_mode", "''")),
                Bytes.ofLatin1("INSERT INTO t VALUES ('\u00ff')"),
                Optional.of(ids))),
        true);
  }

  static Write drop() {
    return new Write(
        new WriteId(new SessionId(1, 2), 1),
        WriteKind.DDL,
        N1,
        N1,
        new Account("root", "localhost"),
        Seq.NONE,
        List.of(new Step.Statement("", List.of(), Bytes.utf8("DROP TABLE t"), Optional.empty())),
        false);
  }

  private static Write contended() {
    return transaction().contending();
  }

  static Write transaction() {
    List<Setting> context = List.of(new Setting("sql_mode", "''"));
    return new Write(
        new WriteId(new SessionId(1, 2), 1),
        WriteKind.TRANSACTION,
        N1,
        N1,
        new Account("app", "%"),
        new Seq(5),
        List.of(
            new Step.Statement(
                "shop",
                context,
                Bytes.utf8("INSERT INTO t VALUES (NULL)"),
                Optional.of(leading()),
                Optional.of(new Step.Seen(-2, OptionalLong.of(9), false))),
            new Step.Statement(
                "shop",
                context,
                Bytes.utf8("SELECT 1 FROM t"),
                Optional.empty(),
                Optional.of(new Step.Seen(3, OptionalLong.empty(), true))),
            new Step.Statement("", List.of(), Bytes.utf8("SAVEPOINT a"), Optional.empty()),
            new Step.Rows(List.of(Bytes.utf8("map"), Bytes.utf8("rows")))),
        true);
  }

  static Stream<Sample<?>> all() {
    return Stream.concat(
        Stream.of(
            new Sample<>(new WriteCodec(), insert(), Golden.INSERT),
            new Sample<>(new WriteCodec(), insert(leading()), Golden.LEADING),
            new Sample<>(new WriteCodec(), drop(), Golden.DROP),
            new Sample<>(new WriteCodec(), transaction(), Golden.TRANSACTION),
            new Sample<>(new WriteCodec(), contended(), Golden.CONTENDED),
            new Sample<>(
                new LogEntryCodec(),
                new LogEntry(new Term(3), new Seq(128), List.of(drop(), insert())),
                "01038001" + "02" + Golden.DROP + Golden.INSERT),
            new Sample<>(new WriteIdCodec(), ID, "01" + Golden.ID),
            new Sample<>(new NodeIdCodec(), N1, "01026e31"),
            new Sample<>(
                new InTheWayCodec(), new InTheWay(N2, List.of(7L)), "01026e32010000000000000007"),
            new Sample<>(
                new HandedOverCodec(), new HandedOver(N2, List.of(7)), "01026e320100000007"),
            new Sample<>(new SeqCodec(), new Seq(7), "010000000000000007"),
            new Sample<>(
                new HeadCodec(), new Head(LogIndex.NONE, Seq.NONE), "01ffffffffffffffff00"),
            new Sample<>(
                new SequencerRecordCodec(), new SequencerRecord(new Term(9), N2), "0109026e32"),
            new Sample<>(
                new SequencerStatusCodec(),
                new SequencerStatus(
                    N1, SequencerStatus.Role.LEADING, new Term(4), new Seq(200), 7, 2),
                "01026e310304c8010000000700000002"),
            new Sample<>(
                new CheckpointReportCodec(),
                new CheckpointReport(
                    N1, "c1", new Seq(5), Map.of("b", Bytes.utf8("2"), "a", Bytes.utf8("1"))),
                "01026e3102633105020161013101620132"),
            new Sample<>(
                new CaptureQuestionCodec(),
                new CaptureQuestion(new BranchId("lockstep-n1.5"), 300),
                "010d6c6f636b737465702d6e312e35ac02"),
            new Sample<>(
                new ProcessesAskedCodec(),
                new ProcessesAsked(Optional.of("app"), 100),
                "01010361707064"),
            new Sample<>(
                new ClientProcessesCodec(),
                List.of(
                    new ClientProcess(
                        301, "app", "::1:9", "", "Query", 1_500, "at n2", "SELECT 1")),
                "0101ad0203617070053a3a313a390005"
                    + "5175657279dc0b056174206e32"
                    + "0853454c4543542031"),
            new Sample<>(
                new KillAskedCodec(), new KillAsked(301, true, "app", false), "01ad02010361707000"),
            new Sample<>(new KillAnswerCodec(), KillAnswer.NOT_OWNER, "0103"),
            new Sample<>(
                new WriteCodec(), drop().within(Set.of("shop", "app")), Golden.DROP_WITHIN),
            new Sample<>(
                new ProcedureAskedCodec(),
                new ProcedureAsked(
                    new TableName("d", "p"),
                    Optional.empty(),
                    new Seq(300),
                    true,
                    new Account("app", "%"),
                    false,
                    true),
                "010164" + "0170" + "ac02" + "01" + "03617070" + "0125" + "000100"),
            new Sample<>(
                new ProcedureAskedCodec(),
                new ProcedureAsked(
                    new TableName("d", "p"),
                    Optional.of(
                        new ProcedureAsked.Program(Bytes.utf8("DO 0"), "ANSI", "utf8mb4", "c")),
                    new Seq(300),
                    true,
                    new Account("app", "%"),
                    true,
                    false),
                "010164"
                    + "0170"
                    + "ac02"
                    + "01"
                    + "03617070"
                    + "0125"
                    + "010001"
                    + "04444f2030"
                    + "04414e5349"
                    + "07757466386d6234"
                    + "0163"),
            new Sample<>(Nothing.CODEC, Nothing.NOTHING, "01"),
            new Sample<>(
                new OptionalCodec<>(new WriteIdCodec()), Optional.<WriteId>empty(), "0100"),
            new Sample<>(
                new OptionalCodec<>(new WriteIdCodec()), Optional.of(ID), "010101" + Golden.ID)),
        answers());
  }

  private static Stream<Sample<?>> answers() {
    return Stream.of(
        new Sample<>(
            new CaptureCodec(),
            new Capture.Rows(
                List.of(new Capture.Part("p", List.of(Bytes.utf8("map"), Bytes.utf8("rows"))))),
            "010101017002036d617004726f7773"),
        new Sample<>(
            new CaptureCodec(), new Capture.Unusable("too much"), "010208746f6f206d756368"),
        new Sample<>(new ProcedureMadeCodec(), new ProcedureMade.Made("own"), "0101036f776e"),
        new Sample<>(
            new ProcedureMadeCodec(),
            new ProcedureMade.Refused(new MySqlError(1235, "42000", "no")),
            "010204d3053432303030026e6f"),
        new Sample<>(new SequencedCodec(), new Sequenced.At(new Seq(300)), "0101ac02"),
        new Sample<>(
            new SequencedCodec(), new Sequenced.NotHere(new Term(2), Optional.empty()), "01020200"),
        new Sample<>(
            new SequencedCodec(),
            new Sequenced.NotHere(new Term(2), Optional.of(N2)),
            "01020201026e32"),
        new Sample<>(new SequencedCodec(), new Sequenced.Full(4096), "010300001000"),
        new Sample<>(new SequencedCodec(), new Sequenced.Unknown(ID), "0104" + Golden.ID),
        new Sample<>(
            new OutcomeCodec(),
            new Outcome.Done(
                2,
                -1,
                1,
                "Records: 2",
                2,
                List.of(new Warning("Note", 1265, "cut")),
                List.of(Bytes.utf8("ab"), Bytes.EMPTY)),
            Golden.DONE),
        new Sample<>(
            new OutcomeCodec(),
            new Outcome.Failed(1062, "23000", "Duplicate"),
            "0102042605323330303009" + "4475706c6963617465"),
        new Sample<>(
            new OutcomeCodec(),
            new Outcome.Failed(
                1005,
                "HY000",
                "no",
                List.of(new Warning("Warning", 150, "fk"), new Warning("Error", 1005, "no"))),
            "010403ed054859303030026e6f"
                + "02"
                + "075761726e696e67009602666b"
                + "054572726f7203ed026e6f"),
        new Sample<>(
            new OutcomeCodec(), new Outcome.Refused(Outcome.Refused.Reason.STALE), "010301"),
        new Sample<>(
            new OutcomeCodec(), new Outcome.Refused(Outcome.Refused.Reason.EXPIRED), "010302"),
        new Sample<>(
            new OutcomeCodec(), new Outcome.Refused(Outcome.Refused.Reason.KEY_REUSED), "010303"),
        new Sample<>(
            new OutcomeCodec(), new Outcome.Refused(Outcome.Refused.Reason.CONFLICT), "010304"),
        new Sample<>(
            new AppliedCodec(),
            new Applied(ID, new Seq(1), new Outcome.Refused(Outcome.Refused.Reason.STALE)),
            "01" + Golden.ID + "01010301"));
  }
}
