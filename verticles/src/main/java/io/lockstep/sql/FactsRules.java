package io.lockstep.sql;

import io.lockstep.model.Setting;
import io.lockstep.model.SettingDefaults;
import io.lockstep.sql.Verdict.Need;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules on functions and variables, wherever they stand. */
final class FactsRules {
  /** System variables that travel with every write. */
  private static final Set<String> PINNED =
      Stream.concat(
              Stream.of("character_set_connection"),
              SettingDefaults.ALL.stream().map(Setting::name))
          .collect(Collectors.toUnmodifiableSet());

  /** Where a text stands. */
  enum Place {
    /** The client's own text: what only the gateway knows is written out in it. */
    TEXT,
    /** A trigger's body, which runs as its definer. */
    TRIGGER,
    /** A view or a default, which is evaluated as whoever asks. */
    DEFINITION
  }

  private FactsRules() {}

  static void check(Facts facts, Place place, Judgement judgement) {
    for (Facts.Call call : facts.calls()) {
      call(call, place, judgement);
    }
    judgement.rowsIf(facts.assignsUserVariables(), "it assigns user variables while it runs");
    judgement.rowsIf(
        place != Place.TEXT && !facts.userVariablesRead().isEmpty(),
        "its trigger or view uses user variables");
    judgement.userVariables(facts.userVariablesRead());
    for (String variable : facts.systemVariables()) {
      variable(variable, judgement);
    }
  }

  private static void variable(String name, Judgement judgement) {
    switch (name) {
      case "timestamp" -> judgement.need(Need.TIME);
      case "last_insert_id", "identity" -> judgement.need(Need.LAST_INSERT_ID);
      case "pseudo_thread_id" -> judgement.need(Need.CONNECTION_ID);
      default ->
          judgement.rowsIf(!PINNED.contains(name), "@@" + name + " may differ between nodes");
    }
  }

  private static void call(Facts.Call call, Place place, Judgement judgement) {
    switch (call.kind()) {
      case PLAIN, ORDERED_AGGREGATE -> {}
      case TIME -> judgement.need(Need.TIME);
      case RAND -> judgement.need(Need.RAND);
      case LAST_INSERT_ID -> judgement.need(Need.LAST_INSERT_ID);
      case CONNECTION_ID -> judgement.need(Need.CONNECTION_ID);
      case USER, CURRENT_ROLE ->
          judgement.rowsIf(
              place != Place.TEXT || !call.emptyArguments(),
              call.name() + "() inside a trigger, view or default");
      case CURRENT_USER ->
          judgement.rowsIf(place == Place.DEFINITION, call.name() + "() inside a view or default");
      case UUID ->
          judgement.rowsIf(
              place != Place.TEXT, call.name() + "() inside a trigger, view or default");
      case SEQUENCE -> judgement.refuse("it takes values from a sequence");
      case USER_LOCK -> judgement.rows("it uses user locks");
      case UNPINNED -> judgement.rows(call.name() + "() may differ between nodes");
      case UNKNOWN -> judgement.rows("it calls the function " + call.name());
    }
  }
}
