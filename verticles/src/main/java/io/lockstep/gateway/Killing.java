package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.vertx.core.Future;
import java.util.Optional;

/** Ends another session of this node, by the id that its client was told. */
final class Killing {
  private static final int DIGITS_MAX = 18;

  private final Session session;

  Killing(Session session) {
    this.session = session;
  }

  Future<Void> kill(String target, boolean queryOnly, Answer answer) {
    if (target.isEmpty()
        || target.length() > DIGITS_MAX
        || !target.chars().allMatch(Character::isDigit)) {
      return session.refuse(answer, MySqlError.notSupported("KILL by anything but a number"));
    }
    return kill(Long.parseLong(target), queryOnly, answer);
  }

  Future<Void> kill(long id, boolean queryOnly, Answer answer) {
    Optional<Connections.Victim> victim = session.parts().ports().connections().find(id);
    if (victim.isEmpty()) {
      return session.refuse(answer, new MySqlError(1094, "HY000", "Unknown thread id: " + id));
    }
    boolean own = victim.get().user().equals(session.identity().user());
    return own ? end(victim.get(), queryOnly, answer) : ask(victim.get(), id, queryOnly, answer);
  }

  private Future<Void> ask(Connections.Victim victim, long id, boolean queryOnly, Answer answer) {
    return new GrantsReading(session)
        .grants()
        .compose(
            grants ->
                grants.global("CONNECTION ADMIN") || grants.global("SUPER")
                    ? end(victim, queryOnly, answer)
                    : session.refuse(
                        answer,
                        new MySqlError(1095, "HY000", "You are not owner of thread " + id)));
  }

  private Future<Void> end(Connections.Victim victim, boolean queryOnly, Answer answer) {
    victim.kill(queryOnly);
    return session.ok(answer, 0);
  }
}
