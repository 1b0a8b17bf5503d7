package io.lockstep.bus;

/** The bytes of version 1, written by hand from the codecs' Javadoc. They never change. */
final class Golden {
  static final String ID = "0102030405060708" + "000000000000000a" + "ac02";

  static final String INSERT =
      "01"
          + "01" // DML
          + "0f" // found rows, draws ids, names ids, reread
          + ID
          + "026e31" // gateway n1
          + "026e32" // master n2
          + "03617070" // app
          + "0125" // %
          + "0473686f70" // shop
          + "29" // basis 41
          + "03" // settings
          + "01" // timestamp
          + "11313730303030303030302e313233343536"
          + "00" // spelled
          + "06406077686f60"
          + "04276d6527"
          + "04" // sql_mode
          + "022727"
          + "1a" // 26 bytes of SQL
          + "494e5345525420494e544f20742056414c554553202827ff2729"
          + "0473686f70" // shop
          + "0174"
          + "026964"
          + "01" // draws one
          + "fffffffffffffff9"; // -7

  /** The same, with an id named before the first row that draws. */
  static final String LEADING =
      INSERT
          .replaceFirst("^01010f", "01012f")
          .replaceFirst("fffffffffffffff9$", "0000000000000003fffffffffffffff9");

  static final String TRANSACTION =
      "01"
          + "05" // TRANSACTION
          + "01" // found rows
          + "0000000000000001"
          + "0000000000000002"
          + "01"
          + "026e31" // gateway n1
          + "026e31" // master n1
          + "03617070" // app
          + "0125" // percent sign
          + "05" // basis 5
          + "04" // steps
          + "01" // statement
          + "0e" // draws ids, seen, insert id
          + "0473686f70" // shop
          + "01" // setting
          + "04" // sql_mode
          + "022727"
          + "1b" // 27 bytes of SQL
          + "494e5345525420494e544f20742056414c55455320284e554c4c29"
          + "07" // names ids, reread, leading
          + "0473686f70" // shop
          + "0174"
          + "026964"
          + "01" // draws one
          + "0000000000000003"
          + "fffffffffffffff9" // -7
          + "fffffffffffffffe" // digest -2
          + "0000000000000009" // insert id 9
          + "01" // statement
          + "15" // like before, seen, binary
          + "0f" // 15 bytes of SQL
          + "53454c45435420312046524f4d2074"
          + "0000000000000003" // digest 3
          + "01" // statement
          + "00"
          + "00" // no schema
          + "00" // no settings
          + "0b" // 11 bytes of SQL
          + "53415645504f494e542061"
          + "02" // rows
          + "02" // events
          + "036d6170"
          + "04726f7773";

  static final String DROP =
      "01"
          + "02" // DDL
          + "00"
          + "0000000000000001"
          + "0000000000000002"
          + "01"
          + "026e31"
          + "026e31"
          + "04726f6f74"
          + "096c6f63616c686f7374"
          + "00"
          + "00"
          + "00"
          + "0c"
          + "44524f50205441424c452074";

  static final String DROP_WITHIN =
      "01"
          + "02" // DDL
          + "10" // names schemas
          + "0000000000000001"
          + "0000000000000002"
          + "01"
          + "026e31"
          + "026e31"
          + "04726f6f74"
          + "096c6f63616c686f7374"
          + "02" // schemas
          + "03617070" // app
          + "0473686f70" // shop
          + "00"
          + "00"
          + "00"
          + "0c"
          + "44524f50205441424c452074";

  static final String DONE =
      "01"
          + "01"
          + "0000000000000002"
          + "ffffffffffffffff"
          + "0001"
          + "0a5265636f7264733a2032"
          + "0002"
          + "01"
          + "044e6f7465"
          + "04f1"
          + "03637574"
          + "02"
          + "026162"
          + "00";

  private Golden() {}

  /** The same, of a transaction that keeps others waiting. */
  static final String CONTENDED = TRANSACTION.replaceFirst("^010501", "010541");
}
