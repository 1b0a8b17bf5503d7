package io.lockstep.runtime.log;

import io.lockstep.model.Term;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * One entry on its way into the leader's own log. Ratis answers "not leader" both for what it
 * refused and for what it had appended before it stepped down; {@link #wasAppended} tells them
 * apart, which decides whether the fate of the entry is known.
 */
final class Proposal implements Message {
  private final Term term;
  private final ByteString content;
  private final AtomicBoolean appended = new AtomicBoolean();

  Proposal(Term term, ByteString content) {
    this.term = term;
    this.content = content;
  }

  /** The term in which it was stamped; it may enter the log in no other. */
  Term term() {
    return term;
  }

  void markAppended() {
    appended.set(true);
  }

  boolean wasAppended() {
    return appended.get();
  }

  @Override
  public ByteString getContent() {
    return content;
  }
}
