package io.lockstep.gateway;

import io.lockstep.model.Seq;
import io.lockstep.model.TableName;
import io.lockstep.sql.Catalogue;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;

/** Which names are sequences, asked once for each change of definitions. Lives on one context. */
final class KnownSequences {
  private final Catalogue catalogue;
  private Optional<Seq> at = Optional.empty();
  private Set<TableName> names = Set.of();

  KnownSequences(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** Whether it is known, without asking, that there are none. */
  boolean none(Seq definitions) {
    return names.isEmpty() && at.filter(known -> !known.isBefore(definitions)).isPresent();
  }

  Future<Set<TableName>> names(Seq definitions) {
    if (at.filter(known -> !known.isBefore(definitions)).isPresent()) {
      return Future.succeededFuture(names);
    }
    return catalogue
        .sequences(definitions)
        .onSuccess(
            found -> {
              names = Set.copyOf(found);
              at = Optional.of(definitions);
            });
  }
}
