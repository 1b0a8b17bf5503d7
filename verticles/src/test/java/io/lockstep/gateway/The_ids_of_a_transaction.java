package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.model.Seq;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class The_ids_of_a_transaction {
  private static final TableName TABLE = new TableName("shop", "orders");

  private final DrawnIds ids = new DrawnIds();
  private final List<Integer> asked = new ArrayList<>();
  private long nextInTheOrder = 1;
  private Seq now = new Seq(1);

  private static IdDraw rows(int count) {
    return new IdDraw(TABLE, "id", count, OptionalLong.empty(), false);
  }

  /** The first id of a statement, taken from the order where none is there. */
  private long insert(IdDraw draw) {
    OptionalLong here = ids.use(draw);
    if (here.isPresent()) {
      return here.getAsLong();
    }
    IdDraw ask = ids.ask(draw);
    asked.add(ask.drawn());
    nextInTheOrder = Math.max(nextInTheOrder, ask.explicitMax().orElse(0) + 1);
    long first = nextInTheOrder;
    nextInTheOrder += ask.drawn();
    return ids.took(draw, first, ask.drawn(), now);
  }

  private List<Long> inserts(int count) {
    return IntStream.range(0, count).mapToObj(row -> insert(rows(1))).toList();
  }

  private static List<Long> fromTo(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private void names(long id) {
    IdDraw draw = new IdDraw(TABLE, "id", 0, OptionalLong.of(id), false);
    ids.kept(new Step.Statement("shop", List.of(), Bytes.utf8("INSERT"), Optional.of(draw)));
  }

  @Test
  void a_few_statements_take_what_they_need_one_by_one() {
    assertEquals(fromTo(1, DrawnIds.ALONE), inserts(DrawnIds.ALONE));
    assertEquals(DrawnIds.ALONE, asked.size());
    assertEquals(List.of(), ids.unused());
  }

  @Test
  void who_inserts_row_by_row_takes_ever_more_ahead_up_to_the_bound() {
    assertEquals(fromTo(1, 10_000), inserts(10_000));
    assertEquals(
        List.of(2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1024, 1024),
        asked.subList(DrawnIds.ALONE, DrawnIds.ALONE + 12));
  }

  @Test
  void a_statement_of_many_rows_takes_as_many_as_it_needs() {
    inserts(20);
    assertEquals(ids.unused().get(0).draw().explicitMax().getAsLong() + 1, insert(rows(5_000)));
    assertEquals(5_000, asked.get(asked.size() - 1));
  }

  @Test
  void what_was_taken_ahead_and_not_used_is_given_back() {
    inserts(DrawnIds.ALONE + 3);
    assertEquals(
        List.of(new IdDraw(TABLE, "id", 3, OptionalLong.of(DrawnIds.ALONE + 3), false)),
        ids.unused().stream().map(DrawnIds.Unused::draw).toList());
  }

  @Test
  void what_is_given_back_says_since_when_no_definition_may_have_come() {
    inserts(DrawnIds.ALONE);
    now = new Seq(20);
    inserts(3);
    assertEquals(new Seq(1), ids.unused().get(0).since());
    nextInTheOrder = 1_000;
    now = new Seq(30);
    inserts(4);
    assertEquals(new Seq(30), ids.unused().get(0).since());
  }

  @Test
  void others_that_draw_meanwhile_make_a_gap_and_never_the_same_id() {
    List<Long> first = inserts(DrawnIds.ALONE + 3);
    nextInTheOrder += 10;
    List<Long> then = inserts(20);
    assertEquals(fromTo(1, DrawnIds.ALONE + 6), join(first, then.subList(0, 3)));
    assertEquals(fromTo(DrawnIds.ALONE + 17, DrawnIds.ALONE + 33), then.subList(3, 20));
  }

  private static List<Long> join(List<Long> first, List<Long> then) {
    List<Long> all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }

  @Test
  void ids_come_behind_those_that_the_transaction_has_named_itself() {
    inserts(DrawnIds.ALONE + 1);
    names(500);
    assertEquals(501, insert(rows(1)));
  }

  @Test
  void a_statement_that_names_ids_and_draws_others_takes_its_own() {
    inserts(DrawnIds.ALONE + 3);
    IdDraw mixed = new IdDraw(TABLE, "id", 1, OptionalLong.of(3), false);
    assertEquals(DrawnIds.ALONE + 7, insert(mixed));
    assertEquals(1, asked.get(asked.size() - 1));
  }

  @Test
  void the_next_transaction_knows_nothing_of_it() {
    inserts(DrawnIds.ALONE + 3);
    names(500);
    ids.clear();
    assertEquals(List.of(), ids.unused());
    assertEquals(nextInTheOrder, insert(rows(1)));
    assertEquals(1, asked.get(asked.size() - 1));
  }

  /** Looking costs a question to the database, and most transactions capture nothing. */
  @Test
  void are_looked_for_once_behind_whatever_may_have_drawn_some_itself() {
    assertFalse(ids.unknown(TABLE));
    ids.captured();
    assertTrue(ids.unknown(TABLE));
    ids.looked(TABLE);
    assertFalse(ids.unknown(TABLE));
    assertTrue(ids.unknown(new TableName("shop", "others")));
    ids.captured();
    assertTrue(ids.unknown(TABLE));
    ids.clear();
    assertFalse(ids.unknown(TABLE));
  }

  @Test
  void follow_those_that_a_trigger_has_drawn() {
    assertEquals(List.of(1L), inserts(1));
    ids.named(TABLE, 7);
    assertEquals(List.of(8L), inserts(1));
  }
}
