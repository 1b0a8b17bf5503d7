package io.lockstep.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lockstep.gateway.StatementResult;
import io.lockstep.model.Outcome;
import io.lockstep.model.Warning;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The shape of an answer: one JSON document, or one JSON value a line (NDJSON). */
enum AnswerForm {
  /** {@code {"columns":[…],"rows":[[…],…],…}}. */
  DOCUMENT("application/json") {
    @Override
    void columns(JsonGenerator out, List<ColumnType> columns) throws IOException {
      out.writeStartObject();
      describe(out, columns);
      out.writeArrayFieldStart("rows");
    }

    @Override
    void end(JsonGenerator out, boolean hasRows, Ending ending) throws IOException {
      if (hasRows) {
        out.writeEndArray();
      } else {
        out.writeStartObject();
      }
      ending.write(out);
      out.writeEndObject();
    }
  },
  /** A line with the columns, a line for each row, a line with the end. */
  LINES("application/x-ndjson") {
    @Override
    void columns(JsonGenerator out, List<ColumnType> columns) throws IOException {
      out.writeStartObject();
      describe(out, columns);
      out.writeEndObject();
    }

    @Override
    void end(JsonGenerator out, boolean hasRows, Ending ending) throws IOException {
      out.writeStartObject();
      ending.write(out);
      out.writeEndObject();
      out.writeRaw('\n');
    }
  };

  /** Writes the members that come last. */
  interface Ending {
    void write(JsonGenerator out) throws IOException;
  }

  private final String mediaType;

  AnswerForm(String mediaType) {
    this.mediaType = mediaType;
  }

  /** The form a request asks for by its Accept header; a document unless it names NDJSON. */
  static AnswerForm of(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.ACCEPT))
        .filter(accept -> accept.contains(LINES.mediaType))
        .map(accept -> LINES)
        .orElse(DOCUMENT);
  }

  String mediaType() {
    return mediaType;
  }

  abstract void columns(JsonGenerator out, List<ColumnType> columns) throws IOException;

  abstract void end(JsonGenerator out, boolean hasRows, Ending ending) throws IOException;

  /** The members that tell how a statement ended. */
  static Ending success(StatementResult result, Optional<Long> rowCount, boolean bigNumbersAsText) {
    Outcome.Done done = result.outcome();
    return out -> {
      if (rowCount.isPresent()) {
        out.writeNumberField("rowCount", rowCount.get());
      }
      out.writeNumberField("affectedRows", done.affected());
      String lastInsertId = Long.toUnsignedString(done.lastInsertId());
      out.writeFieldName("lastInsertId");
      if (bigNumbersAsText) {
        out.writeString(lastInsertId);
      } else {
        out.writeNumber(lastInsertId);
      }
      out.writeStringField("info", done.info());
      out.writeNumberField("warningCount", done.warningCount());
      warnings(out, done.warnings());
      out.writeNumberField("seq", result.token().value());
      out.writeBooleanField("replayed", result.replayed());
    };
  }

  private static void warnings(JsonGenerator out, List<Warning> warnings) throws IOException {
    out.writeArrayFieldStart("warnings");
    for (Warning warning : warnings) {
      out.writeStartObject();
      out.writeStringField("level", warning.level());
      out.writeNumberField("code", warning.code());
      out.writeStringField("message", warning.message());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** The members that tell why rows that were already under way end here. */
  static Ending failure(Problem problem) {
    return out -> {
      out.writeFieldName("problem");
      out.writeRawValue(problem.json().encode());
    };
  }

  private static void describe(JsonGenerator out, List<ColumnType> columns) throws IOException {
    out.writeArrayFieldStart("columns");
    for (ColumnType column : columns) {
      column.describe(out);
    }
    out.writeEndArray();
  }
}
