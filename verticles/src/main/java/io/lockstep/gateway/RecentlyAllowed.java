package io.lockstep.gateway;

import io.lockstep.model.Seq;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was found to be allowed under the definitions at a seq; the longest unused makes room. */
final class RecentlyAllowed<K> {
  /** As many as are kept. */
  static final int KEPT_MAX = 10_000;

  private final Map<K, Seq> kept =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Seq> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /** Whether it was allowed and no definition has changed since. */
  boolean contains(K key, Seq definitions) {
    return definitions.equals(kept.get(key));
  }

  void add(K key, Seq definitions) {
    kept.put(key, definitions);
  }
}
