package io.lockstep.sql;

import io.lockstep.model.Bytes;
import io.lockstep.model.IdDraw;
import io.lockstep.sql.Verdict.Need;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What the rules have found so far about one write; the first objection decides. */
final class Judgement {
  private final Set<Need> needs = EnumSet.noneOf(Need.class);
  private final Set<String> userVariables = new HashSet<>();
  private Optional<Verdict> objection = Optional.empty();
  private boolean refused;

  void need(Need need) {
    needs.add(need);
  }

  void userVariables(Set<String> names) {
    userVariables.addAll(names);
  }

  boolean needs(Need need) {
    return needs.contains(need);
  }

  void rows(String reason) {
    if (objection.isEmpty()) {
      objection = Optional.of(new Verdict.NeedsRows(reason));
    }
  }

  void rowsIf(boolean applies, String reason) {
    if (applies) {
      rows(reason);
    }
  }

  /** Goes before rows: what must not be executed at all must not be executed for its rows. */
  void refuse(String reason) {
    if (!refused) {
      refused = true;
      objection = Optional.of(new Verdict.Refused(reason));
    }
  }

  boolean objected() {
    return objection.isPresent();
  }

  Verdict verdict(Bytes sql, Optional<IdDraw> ids) {
    return objection.orElseGet(() -> new Verdict.Ordered(needs, userVariables, sql, ids));
  }
}
