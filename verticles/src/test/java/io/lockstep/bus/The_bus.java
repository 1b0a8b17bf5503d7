package io.lockstep.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Sequenced;
import io.lockstep.model.SequencerRecord;
import io.lockstep.model.Term;
import io.lockstep.model.Write;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class The_bus {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final Duration SOON = Duration.ofSeconds(5);

  private final Envelope.Carrier carrier = new Envelope.Carrier();

  @SuppressWarnings("NullAway.Init")
  private VertxBus n1;

  @SuppressWarnings("NullAway.Init")
  private VertxBus n2;

  @BeforeEach
  void open(Vertx vertx) {
    n1 = VertxBus.on(vertx, N1);
    n2 = n1.as(N2);
  }

  @Test
  void brings_a_question_to_the_node_asked_and_its_answer_back(VertxTestContext test) {
    n1.answer(Addresses.PROPOSE, write -> Future.succeededFuture(new Sequenced.Full(1)));
    n2.answer(
            Addresses.PROPOSE,
            write -> Future.succeededFuture(new Sequenced.At(new Seq(write.id().counter()))))
        .compose(ready -> n1.ask(Addresses.PROPOSE, N2, Samples.insert(), SOON))
        .onComplete(
            test.succeeding(
                answer -> {
                  test.verify(() -> assertEquals(new Sequenced.At(new Seq(300)), answer));
                  test.completeNow();
                }));
  }

  @Test
  void does_not_copy_what_stays_in_the_process(VertxTestContext test) {
    Write sent = Samples.insert();
    n1.answer(
            Addresses.PROPOSE,
            write -> {
              test.verify(() -> assertSame(sent, write));
              return Future.succeededFuture(new Sequenced.Full(1));
            })
        .compose(ready -> n1.ask(Addresses.PROPOSE, N1, sent, SOON))
        .onComplete(test.succeedingThenComplete());
  }

  @Test
  void says_when_nobody_answers_there(VertxTestContext test) {
    n1.ask(Addresses.PROPOSE, N2, Samples.drop(), SOON)
        .onComplete(failing(test, BusException.Reason.NOBODY_THERE));
  }

  @Test
  void says_when_no_answer_comes_in_time(VertxTestContext test) {
    n2.answer(Addresses.PROPOSE, write -> Promise.<Sequenced>promise().future())
        .compose(ready -> n1.ask(Addresses.PROPOSE, N2, Samples.drop(), Duration.ofMillis(1)))
        .onComplete(failing(test, BusException.Reason.NO_ANSWER));
  }

  @Test
  void does_not_wait_for_a_node_that_is_gone(VertxTestContext test) {
    n2.answer(
            Addresses.PROPOSE,
            write -> {
              n1.gone(N2);
              return Promise.<Sequenced>promise().future();
            })
        .compose(ready -> n1.ask(Addresses.PROPOSE, N2, Samples.drop(), Duration.ofDays(1)))
        .onComplete(failing(test, BusException.Reason.NO_ANSWER));
  }

  @Test
  void waits_on_for_the_others_when_a_node_is_gone(VertxTestContext test) {
    n2.answer(
            Addresses.PROPOSE,
            write -> {
              n1.gone(N1);
              return Future.succeededFuture(new Sequenced.Full(1));
            })
        .compose(ready -> n1.ask(Addresses.PROPOSE, N2, Samples.drop(), SOON))
        .onComplete(test.succeedingThenComplete());
  }

  @Test
  void says_when_the_other_side_failed(VertxTestContext test) {
    n2.answer(Addresses.PROPOSE, write -> Future.failedFuture("broken"))
        .compose(ready -> n1.ask(Addresses.PROPOSE, N2, Samples.drop(), SOON))
        .onComplete(failing(test, BusException.Reason.FAILED_THERE));
  }

  @Test
  void refuses_a_question_it_cannot_read_and_goes_on(Vertx vertx, VertxTestContext test) {
    Route<Buffer, Sequenced> garbled =
        new Route<>(Addresses.PROPOSE.name(), new Raw(), Addresses.PROPOSE.answer());
    n2.answer(Addresses.PROPOSE, write -> Future.succeededFuture(new Sequenced.Full(1)))
        .compose(ready -> n1.ask(garbled, N2, Buffer.buffer("nonsense"), SOON))
        .onComplete(failing(test, BusException.Reason.FAILED_THERE));
  }

  @Test
  void tells_one_and_publishes_to_all(VertxTestContext test) {
    List<String> heard = new ArrayList<>();
    SequencerRecord told = new SequencerRecord(new Term(1), N1);
    SequencerRecord published = new SequencerRecord(new Term(2), N1);
    Promise<Void> both = Promise.promise();
    Future.all(
            n1.hear(Addresses.SEQUENCER_RECORD, record -> note(heard, "n1", record, both)),
            n2.hear(Addresses.SEQUENCER_RECORD, record -> note(heard, "n2", record, both)))
        .compose(
            ready -> {
              n1.tell(Addresses.SEQUENCER_RECORD, N2, told);
              n1.publish(Addresses.SEQUENCER_RECORD, published);
              return both.future();
            })
        .onComplete(
            test.succeeding(
                done -> {
                  test.verify(
                      () ->
                          assertEquals(
                              List.of("n1 2", "n2 1", "n2 2"), heard.stream().sorted().toList()));
                  test.completeNow();
                }));
  }

  @Test
  void carries_a_message_over_the_wire_as_it_is() {
    Buffer wire = Buffer.buffer("head");
    carrier.encodeToWire(wire, Envelope.of(new WriteCodec(), Samples.insert()));
    assertEquals(Samples.insert(), carrier.decodeFromWire(4, wire).<Write>open(new WriteCodec()));
  }

  @Test
  void refuses_an_envelope_that_is_cut() {
    Buffer wire = Buffer.buffer();
    carrier.encodeToWire(wire, Envelope.of(new WriteCodec(), Samples.insert()));
    for (int length = 0; length < wire.length(); length++) {
      Buffer cut = wire.slice(0, length);
      assertThrows(MalformedBodyException.class, () -> carrier.decodeFromWire(0, cut));
    }
  }

  private static synchronized void note(
      List<String> heard, String by, SequencerRecord record, Promise<Void> all) {
    heard.add(by + " " + record.term());
    if (heard.size() == 3) {
      all.complete();
    }
  }

  private static <T> io.vertx.core.Handler<io.vertx.core.AsyncResult<T>> failing(
      VertxTestContext test, BusException.Reason reason) {
    return test.failing(
        cause -> {
          test.verify(
              () -> assertEquals(reason, assertInstanceOf(BusException.class, cause).reason()));
          test.completeNow();
        });
  }

  private static final class Raw implements BodyCodec<Buffer> {
    @Override
    public void write(BodyWriter out, Buffer message) {
      out.buffer().appendBuffer(message);
    }

    @Override
    public Buffer read(BodyReader in) {
      throw new MalformedBodyException("only sent");
    }
  }
}
