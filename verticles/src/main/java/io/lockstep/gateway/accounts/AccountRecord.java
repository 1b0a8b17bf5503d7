package io.lockstep.gateway.accounts;

import io.lockstep.model.Account;
import io.lockstep.model.Bytes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One row of {@code mysql.global_priv} as far as signing in needs it. What else may keep an account
 * out (a lock, an expired password, limits) is judged by the database at the backend login.
 *
 * @param stage2s SHA1(SHA1(password)) of every native password that admits it; an empty one stands
 *     for no password
 * @param others the other plugins that would admit it
 * @param demand what it demands of the connection (REQUIRE)
 * @param connectionsMax how many it may have at a time (MAX_USER_CONNECTIONS); 0 for any number
 */
public record AccountRecord(
    Account account, List<Bytes> stage2s, List<String> others, Demand demand, int connectionsMax) {
  /** What an account demands of its connections. */
  public enum Demand {
    NOTHING,
    TLS,
    /** A certificate of the client's, or a certain cipher. */
    MORE_THAN_TLS
  }

  private static final String NATIVE = "mysql_native_password";
  private static final int TLS = 1;

  public AccountRecord {
    stage2s = List.copyOf(stage2s);
    others = List.copyOf(others);
  }

  /** Reads the row's JSON; empty for a role. */
  public static Optional<AccountRecord> of(String user, String host, String json) {
    JsonObject priv = new JsonObject(json);
    if (priv.getBoolean("is_role", false)) {
      return Optional.empty();
    }
    List<Bytes> stage2s = new ArrayList<>();
    List<String> others = new ArrayList<>();
    JsonArray alternatives = priv.getJsonArray("auth_or", new JsonArray());
    if (alternatives.isEmpty()) {
      method(priv, stage2s, others);
    }
    for (int i = 0; i < alternatives.size(); i++) {
      JsonObject alternative = alternatives.getJsonObject(i);
      method(alternative.isEmpty() ? priv : alternative, stage2s, others);
    }
    return Optional.of(
        new AccountRecord(
            new Account(user, host),
            stage2s,
            others,
            demand(priv.getInteger("ssl_type", 0)),
            priv.getInteger("max_user_connections", 0)));
  }

  /** As the server's own enumeration counts them: below 1 nothing, above 1 more. */
  private static Demand demand(int type) {
    if (type < TLS) {
      return Demand.NOTHING;
    }
    return type == TLS ? Demand.TLS : Demand.MORE_THAN_TLS;
  }

  private static void method(JsonObject method, List<Bytes> stage2s, List<String> others) {
    String plugin = method.getString("plugin", NATIVE);
    String hash = method.getString("authentication_string", "");
    if (!plugin.equals(NATIVE) && !plugin.isEmpty()) {
      others.add(plugin);
      return;
    }
    if (hash.isEmpty()) {
      stage2s.add(Bytes.EMPTY);
    } else if (hash.length() == 41 && hash.charAt(0) == '*') {
      stage2s.add(Bytes.owning(HexFormat.of().parseHex(hash.substring(1))));
    }
  }
}
