package io.lockstep.load;

import io.lockstep.bus.BodyCodec;
import io.lockstep.bus.BodyReader;
import io.lockstep.bus.BodyWriter;
import io.lockstep.bus.MalformedBodyException;
import io.lockstep.bus.Topic;
import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Term;
import java.util.List;

/** Version 1. CPU travels in ten-thousandths. Text that is too long for its field is refused. */
public final class LoadAdvertCodec implements BodyCodec<LoadAdvert> {
  /** Where adverts are published to every node. */
  public static final Topic<LoadAdvert> TOPIC = new Topic<>("load", new LoadAdvertCodec());

  private static final int VERSION = 1;
  private static final double CPU_UNIT = 10_000;
  private static final int UTF8_BYTES_PER_CHARACTER = 4;

  @Override
  public void write(BodyWriter out, LoadAdvert advert) {
    out.u8(VERSION).node(advert.node()).i64(advert.count());
    writeEndpoints(out, advert.endpoints());
    writeFigures(out, advert.figures());
    writeProgress(out, advert.progress());
    out.bool(advert.standing().draining());
    out.list(advert.standing().notServing(), BodyWriter::text);
    out.list(advert.checkpoints(), (to, pair) -> to.i64(pair.seq().value()).i64(pair.digest()));
  }

  @Override
  public LoadAdvert read(BodyReader in) {
    in.expectVersion(VERSION);
    try {
      NodeId node = in.node();
      long count = in.i64();
      Endpoints endpoints = readEndpoints(in);
      LoadFigures figures = readFigures(in);
      Progress progress = readProgress(in);
      Standing standing = new Standing(in.bool(), readReasons(in));
      List<DigestAt> checkpoints =
          in.list(
              LoadAdvert.CHECKPOINTS_MAX, from -> new DigestAt(new Seq(from.i64()), from.i64()));
      in.expectEnd();
      return new LoadAdvert(node, count, endpoints, figures, progress, standing, checkpoints);
    } catch (IllegalArgumentException broken) {
      throw new MalformedBodyException("not a load advert: " + broken.getMessage());
    }
  }

  private static void writeEndpoints(BodyWriter out, Endpoints endpoints) {
    writeEndpoint(out, endpoints.database());
    out.bool(endpoints.proxyProtocol());
    writeEndpoint(out, endpoints.mysql());
    writeEndpoint(out, endpoints.http());
  }

  private static Endpoints readEndpoints(BodyReader in) {
    return new Endpoints(readEndpoint(in), in.bool(), readEndpoint(in), readEndpoint(in));
  }

  private static void writeEndpoint(BodyWriter out, Endpoint endpoint) {
    out.text(endpoint.host()).u16(endpoint.port());
  }

  private static Endpoint readEndpoint(BodyReader in) {
    return new Endpoint(in.text(Endpoint.HOST_LENGTH_MAX * UTF8_BYTES_PER_CHARACTER), in.u16());
  }

  private static void writeFigures(BodyWriter out, LoadFigures figures) {
    out.u16((int) Math.round(figures.cpu() * CPU_UNIT))
        .i32(figures.cores())
        .i32(figures.threadsRunning())
        .i64(figures.probeMicros())
        .i32(figures.sessions())
        .i64(figures.freeMemoryBytes());
  }

  private static LoadFigures readFigures(BodyReader in) {
    return new LoadFigures(in.u16() / CPU_UNIT, in.i32(), in.i32(), in.i64(), in.i32(), in.i64());
  }

  private static void writeProgress(BodyWriter out, Progress progress) {
    out.bool(progress.leads())
        .i64(progress.term().value())
        .i64(progress.applied().value())
        .i64(progress.committed().value())
        .i64(progress.lagWrites());
  }

  private static Progress readProgress(BodyReader in) {
    return new Progress(
        in.bool(), new Term(in.i64()), new Seq(in.i64()), new Seq(in.i64()), in.i64());
  }

  private static List<String> readReasons(BodyReader in) {
    return in.list(
        Standing.REASONS_MAX,
        from -> from.text(Standing.REASON_LENGTH_MAX * UTF8_BYTES_PER_CHARACTER));
  }
}
