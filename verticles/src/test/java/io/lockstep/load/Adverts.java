package io.lockstep.load;

import io.lockstep.model.NodeId;
import io.lockstep.model.Seq;
import io.lockstep.model.Term;
import java.util.List;

/** Adverts to test with. */
final class Adverts {
  static final NodeId N1 = new NodeId("n1");
  static final NodeId N2 = new NodeId("n2");
  static final NodeId N3 = new NodeId("n3");
  static final LoadFigures IDLE = new LoadFigures(0.1, 2, 1, 200, 10, 4L << 30);
  static final Progress LEVEL = Progress.of(false, new Term(3), new Seq(100), new Seq(100));

  private Adverts() {}

  static LoadAdvert of(NodeId node, LoadFigures figures, Progress progress, Standing standing) {
    return new LoadAdvert(node, 1, endpoints(), figures, progress, standing, List.of());
  }

  static LoadAdvert idle(NodeId node) {
    return of(node, IDLE, LEVEL, Standing.SERVING);
  }

  static LoadAdvert numbered(NodeId node, long count) {
    LoadAdvert idle = idle(node);
    return new LoadAdvert(
        node,
        count,
        idle.endpoints(),
        idle.figures(),
        idle.progress(),
        idle.standing(),
        idle.checkpoints());
  }

  static LoadAdvert digests(NodeId node, DigestAt... pairs) {
    LoadAdvert idle = idle(node);
    return new LoadAdvert(
        node,
        1,
        idle.endpoints(),
        idle.figures(),
        idle.progress(),
        idle.standing(),
        List.of(pairs));
  }

  static Endpoints endpoints() {
    return new Endpoints(
        new Endpoint("10.0.0.1", 3306),
        true,
        new Endpoint("10.0.0.1", 4406),
        new Endpoint("10.0.0.1", 8480));
  }
}
