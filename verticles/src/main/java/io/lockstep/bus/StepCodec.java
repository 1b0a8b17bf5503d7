package io.lockstep.bus;

import io.lockstep.model.Bytes;
import io.lockstep.model.Capture;
import io.lockstep.model.IdDraw;
import io.lockstep.model.Setting;
import io.lockstep.model.Step;
import io.lockstep.model.TableName;
import io.lockstep.model.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The steps of a transaction: a tag, then the case's own fields. Neighbours mostly share their
 * schema and settings, which are then written once. Part of {@link WriteCodec}.
 */
final class StepCodec {
  private static final int STATEMENT = 1;
  private static final int ROWS = 2;
  private static final int LIKE_BEFORE = 1;
  private static final int DRAWS_IDS = 2;
  private static final int SEEN = 4;
  private static final int INSERT_ID = 8;
  private static final int BINARY = 16;
  private static final int FLAGS_KNOWN = 31;
  private static final int NAMES_IDS = 1;
  private static final int REREAD = 2;
  private static final int NAMES_LEADING = 4;

  /** Names are at most 64 characters in the database, each at most four bytes of UTF-8. */
  private static final int NAME_BYTES_MAX = 256;

  private StepCodec() {}

  static void write(BodyWriter out, List<Step> steps) {
    out.var(steps.size());
    Optional<Step.Statement> before = Optional.empty();
    for (Step step : steps) {
      Optional<Step.Statement> last = before;
      before =
          step.fold(
              statement -> {
                write(out.u8(STATEMENT), statement, last);
                return Optional.of(statement);
              },
              rows -> {
                out.u8(ROWS).list(rows.events(), BodyWriter::bytes);
                return last;
              });
    }
  }

  static List<Step> read(BodyReader in) {
    long count = in.var();
    if (count > Write.STEPS_MAX) {
      throw new MalformedBodyException("a write has no " + count + " steps");
    }
    List<Step> steps = new ArrayList<>();
    Optional<Step.Statement> before = Optional.empty();
    for (long i = 0; i < count; i++) {
      int tag = in.u8();
      if (tag == ROWS) {
        steps.add(rows(in));
        continue;
      }
      if (tag != STATEMENT) {
        throw new MalformedBodyException("no step has the tag " + tag);
      }
      Step.Statement statement = read(in, before);
      steps.add(statement);
      before = Optional.of(statement);
    }
    return steps;
  }

  private static void write(
      BodyWriter out, Step.Statement statement, Optional<Step.Statement> before) {
    boolean like =
        before
            .filter(one -> one.schema().equals(statement.schema()))
            .filter(one -> one.context().equals(statement.context()))
            .isPresent();
    Optional<Step.Seen> seen = statement.seen();
    int flags = like ? LIKE_BEFORE : 0;
    flags |= statement.ids().isPresent() ? DRAWS_IDS : 0;
    flags |= seen.isPresent() ? SEEN : 0;
    flags |= seen.filter(one -> one.insertId().isPresent()).isPresent() ? INSERT_ID : 0;
    flags |= seen.filter(Step.Seen::binary).isPresent() ? BINARY : 0;
    out.u8(flags);
    if (!like) {
      out.text(statement.schema()).list(statement.context(), SettingCodec::write);
    }
    out.bytes(statement.sql());
    statement.ids().ifPresent(draw -> draw(out, draw));
    seen.ifPresent(
        one -> {
          out.i64(one.digest());
          one.insertId().ifPresent(out::i64);
        });
  }

  private static Step.Statement read(BodyReader in, Optional<Step.Statement> before) {
    int flags = in.u8();
    boolean like = (flags & LIKE_BEFORE) != 0;
    if ((flags & ~FLAGS_KNOWN) != 0 || (like && before.isEmpty())) {
      throw new MalformedBodyException("unknown flags of a step: " + flags);
    }
    String schema = like ? before.get().schema() : in.text(NAME_BYTES_MAX);
    List<Setting> context =
        like ? before.get().context() : in.list(Step.Statement.SETTINGS_MAX, SettingCodec::read);
    Bytes sql = in.bytes(Write.BYTES_MAX);
    Optional<IdDraw> ids =
        (flags & DRAWS_IDS) == 0 ? Optional.empty() : Optional.of(draw(in, in.u8()));
    return new Step.Statement(schema, context, sql, ids, seen(in, flags));
  }

  private static Step.Rows rows(BodyReader in) {
    return new Step.Rows(in.list(Capture.Part.EVENTS_MAX, from -> from.bytes(Write.BYTES_MAX)));
  }

  private static Optional<Step.Seen> seen(BodyReader in, int flags) {
    if ((flags & SEEN) == 0) {
      return Optional.empty();
    }
    long digest = in.i64();
    OptionalLong id = (flags & INSERT_ID) == 0 ? OptionalLong.empty() : OptionalLong.of(in.i64());
    return Optional.of(new Step.Seen(digest, id, (flags & BINARY) != 0));
  }

  private static void draw(BodyWriter out, IdDraw ids) {
    out.u8(
        (ids.explicitMax().isPresent() ? NAMES_IDS : 0)
            | (ids.leading().isPresent() ? NAMES_LEADING : 0)
            | (ids.reread() ? REREAD : 0));
    fields(out, ids);
  }

  private static IdDraw draw(BodyReader in, int flags) {
    return fields(
        in, (flags & NAMES_LEADING) != 0, (flags & NAMES_IDS) != 0, (flags & REREAD) != 0);
  }

  /** The fields of a draw; what they leave open stands in the flags before them. */
  static void fields(BodyWriter out, IdDraw ids) {
    out.text(ids.table().schema()).text(ids.table().table()).text(ids.column()).var(ids.drawn());
    ids.leading().ifPresent(out::i64);
    ids.explicitMax().ifPresent(out::i64);
  }

  /** The same, read. */
  static IdDraw fields(BodyReader in, boolean leads, boolean namesIds, boolean reread) {
    TableName table = new TableName(in.text(NAME_BYTES_MAX), in.text(NAME_BYTES_MAX));
    String column = in.text(NAME_BYTES_MAX);
    long drawn = in.var();
    if (drawn > Integer.MAX_VALUE) {
      throw new MalformedBodyException("a statement draws no " + drawn + " ids");
    }
    OptionalLong leading = leads ? OptionalLong.of(in.i64()) : OptionalLong.empty();
    OptionalLong named = namesIds ? OptionalLong.of(in.i64()) : OptionalLong.empty();
    return new IdDraw(table, column, (int) drawn, leading, named, reread);
  }
}
