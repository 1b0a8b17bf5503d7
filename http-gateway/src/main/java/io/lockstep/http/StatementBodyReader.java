package io.lockstep.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the body of a statement request. Numbers are taken as they are written, so that no digit is
 * lost on the way into the statement.
 */
final class StatementBodyReader {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private String database = "";
  private String sql = "";
  private List<String> literals = List.of();
  private boolean bigNumbersAsText = true;

  private StatementBodyReader() {}

  /** Fails with a problem that says what is wrong. */
  static StatementBody read(Buffer body) {
    try (JsonParser in = JSON.createParser(body.getBytes())) {
      return new StatementBodyReader().body(in);
    } catch (IOException notJson) {
      String words = String.valueOf(notJson.getMessage());
      throw malformed("the body is not JSON: " + words.lines().findFirst().orElse(""));
    }
  }

  private StatementBody body(JsonParser in) throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw malformed("the body is not a JSON object");
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      member(in.currentName(), in);
    }
    if (in.nextToken() != null) {
      throw malformed("something follows the JSON object");
    }
    if (sql.isBlank()) {
      throw malformed("\"sql\" is missing");
    }
    return new StatementBody(database, sql, literals, bigNumbersAsText);
  }

  private void member(String name, JsonParser in) throws IOException {
    in.nextToken();
    switch (name) {
      case "database" -> database = database(in);
      case "sql" -> sql = text(name, in);
      case "params" -> literals = params(in);
      case "bigNumbers" -> bigNumbersAsText = bigNumbers(text(name, in));
      default ->
          throw malformed("\"" + name + "\" is not one of database, sql, params, bigNumbers");
    }
  }

  private static String database(JsonParser in) throws IOException {
    String name = text("database", in);
    if (name.length() > StatementBody.DATABASE_LENGTH_MAX) {
      throw malformed("a database name has at most 64 characters");
    }
    return name;
  }

  private static boolean bigNumbers(String form) {
    return switch (form) {
      case "string" -> true;
      case "number" -> false;
      default -> throw malformed("\"bigNumbers\" is \"string\" or \"number\"");
    };
  }

  private static List<String> params(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw malformed("\"params\" is not an array");
    }
    List<String> literals = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (literals.size() == StatementBody.PARAMS_MAX) {
        throw malformed("there are more than " + StatementBody.PARAMS_MAX + " params");
      }
      literals.add(literal(in, literals.size()));
    }
    return literals;
  }

  private static String literal(JsonParser in, int index) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_NULL -> "NULL";
      case VALUE_TRUE -> "TRUE";
      case VALUE_FALSE -> "FALSE";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getText();
      case VALUE_STRING -> SqlText.string(unicode(in.getText()));
      case START_OBJECT -> binary(in, index);
      default -> throw malformed("param " + index + " is an array");
    };
  }

  private static String binary(JsonParser in, int index) throws IOException {
    in.nextToken();
    if (!"base64".equals(in.currentName()) || in.nextToken() != JsonToken.VALUE_STRING) {
      throw malformed("param " + index + " is an object other than {\"base64\": \"…\"}");
    }
    String base64 = in.getText();
    if (in.nextToken() != JsonToken.END_OBJECT) {
      throw malformed("param " + index + " has members besides \"base64\"");
    }
    try {
      return SqlText.binary(base64);
    } catch (IllegalArgumentException notBase64) {
      throw malformed("param " + index + " is not Base64: " + notBase64.getMessage());
    }
  }

  private static String text(String name, JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      throw malformed("\"" + name + "\" is not a string");
    }
    return unicode(in.getText());
  }

  /** Half a surrogate pair has no bytes in UTF-8 and would silently become a question mark. */
  private static String unicode(String text) {
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw malformed("a string holds half a surrogate pair");
    }
    return text;
  }

  private static ProblemException malformed(String why) {
    return new ProblemException(ProblemType.MALFORMED_REQUEST, why);
  }
}
