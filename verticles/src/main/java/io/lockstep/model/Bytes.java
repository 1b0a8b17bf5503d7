package io.lockstep.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable run of bytes. SQL text travels as bytes because a statement may hold raw binary in
 * its literals; {@link #latin1()} shows every byte as one character, so that ASCII syntax can be
 * read without loss.
 */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** Takes a copy of {@code content}. */
  public static Bytes copyOf(byte[] content) {
    return content.length == 0 ? EMPTY : new Bytes(content.clone());
  }

  /** Takes ownership of {@code content}: the caller must not touch it again. */
  public static Bytes owning(byte[] content) {
    return new Bytes(content);
  }

  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The inverse of {@link #latin1()}: one byte for each character, all of which are below 256. */
  public static Bytes ofLatin1(String text) {
    return new Bytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public int length() {
    return content.length;
  }

  public byte at(int index) {
    return content[index];
  }

  public byte[] toArray() {
    return content.clone();
  }

  /** The content itself, for a caller that only reads it. */
  public byte[] view() {
    return content;
  }

  public String latin1() {
    return new String(content, StandardCharsets.ISO_8859_1);
  }

  public String utf8() {
    return new String(content, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return content.length + " bytes";
  }
}
