package io.lockstep.load;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.PublishProcessor;

/**
 * Smooths the measurements of one node: CPU and probe latency arrive at their own pace, each is
 * averaged with exponentially falling weight, and the latest of both together are the load. Fed and
 * read on one context; synchronous.
 */
final class LoadWindow {
  /** The weight of the newest measurement; at two a second, half of the window is 0.7 s old. */
  static final double NEWEST_WEIGHT = 0.4;

  record Smoothed(double cpu, int threadsRunning, long probeMicros) {
    static final Smoothed NOTHING = new Smoothed(0, 0, 0);
  }

  private record Probed(int threadsRunning, double micros) {
    Probed smoothedBy(Probed newer) {
      return new Probed(newer.threadsRunning, blend(micros, newer.micros));
    }
  }

  private final PublishProcessor<Double> cpu = PublishProcessor.create();
  private final PublishProcessor<Probed> probes = PublishProcessor.create();
  private final Latest<Smoothed> latest = new Latest<>(Smoothed.NOTHING);
  private final Disposable combined;

  LoadWindow() {
    combined =
        Flowable.combineLatest(
                cpu.onBackpressureLatest().scan(LoadWindow::blend),
                probes
                    .onBackpressureLatest()
                    .scan(Probed::smoothedBy)
                    .startWithItem(new Probed(0, 0)),
                (busy, probed) ->
                    new Smoothed(busy, probed.threadsRunning, Math.round(probed.micros)))
            .subscribe(latest::set);
  }

  void cpu(double utilisation) {
    cpu.onNext(utilisation);
  }

  void probed(int threadsRunning, long micros) {
    probes.onNext(new Probed(threadsRunning, micros));
  }

  Smoothed latest() {
    return latest.get();
  }

  void close() {
    combined.dispose();
  }

  private static double blend(double before, double newest) {
    return before + NEWEST_WEIGHT * (newest - before);
  }
}
