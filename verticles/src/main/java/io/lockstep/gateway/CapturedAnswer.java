package io.lockstep.gateway;

import io.lockstep.model.MySqlError;
import io.lockstep.model.Outcome;
import io.lockstep.model.Warning;
import io.lockstep.mysql.OkPacket;
import io.lockstep.mysql.Reply;
import java.util.List;

/**
 * Tells a client what a statement did that is ordered as rows: as its branch has answered it, but
 * with the flags of the session as it is now. Lives on its session's context.
 */
final class CapturedAnswer {
  private final Session session;
  private final Answer answer;
  private final CapturedWriting.Form form;

  CapturedAnswer(Session session, Answer answer, CapturedWriting.Form form) {
    this.session = session;
    this.answer = answer;
    this.form = form;
  }

  void deliver(Reply reply, List<Warning> warnings) {
    reply
        .<Runnable>fold(
            ok -> () -> one(ok, warnings),
            err -> () -> failed(err.error()),
            results -> () -> answer.packets(new OutsideBranch(session.state()).packets(results)))
        .run();
    boolean more = reply.<Boolean>fold(ok -> false, err -> true, results -> true);
    if (more && !warnings.isEmpty()) {
      session.state().diagnostics().told(warnings, CapturedWriting.announced(reply));
    }
  }

  private void one(Reply.Ok ok, List<Warning> warnings) {
    SessionState state = session.state();
    state.drewInBranch(ok.insertId());
    state.wrote(
        new Outcome.Done(
            ok.affected(),
            ok.insertId(),
            ok.warnings(),
            ok.info(),
            state.status(),
            warnings,
            List.of()));
    int status = state.status();
    answer.ok(OkPacket.of(ok.affected(), ok.insertId(), status, ok.warnings(), ok.info()));
  }

  private void failed(MySqlError error) {
    MySqlError told = error.saying(form.told(error.message()));
    session.state().wrote(new Outcome.Failed(told.code(), told.sqlState(), told.message()));
    answer.error(told);
  }
}
