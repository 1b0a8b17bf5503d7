package io.lockstep.mysql;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** How the frames of one compressed connection are packed. Not thread-safe; must be closed. */
public interface Compression extends AutoCloseable {
  /** A packed form of {@code plain}; may be longer. */
  byte[] pack(byte[] plain);

  /**
   * The plain form, which is {@code length} bytes long.
   *
   * @throws ProtocolException 1157 if it is not
   */
  byte[] unpack(byte[] packed, int length);

  @Override
  void close();

  /**
   * What was agreed on; if both were, the older one, as MySQL's servers choose.
   *
   * @param capabilities with at least one of COMPRESS and ZSTD
   */
  static Compression of(long capabilities) {
    return Capabilities.has(capabilities, Capabilities.COMPRESS) ? new Zlib() : new Zstandard();
  }

  /** RFC 1950. */
  final class Zlib implements Compression {
    private final Deflater deflater = new Deflater();
    private final Inflater inflater = new Inflater();

    @Override
    public byte[] pack(byte[] plain) {
      deflater.reset();
      deflater.setInput(plain);
      deflater.finish();
      byte[] packed = new byte[plain.length];
      int length = deflater.deflate(packed);
      return deflater.finished() ? Arrays.copyOf(packed, length) : packed;
    }

    @Override
    public byte[] unpack(byte[] packed, int length) {
      byte[] plain = new byte[length];
      try {
        inflater.reset();
        inflater.setInput(packed);
        if (inflater.inflate(plain) == length && (inflater.finished() || ended())) {
          return plain;
        }
      } catch (DataFormatException e) {
        throw ProtocolException.notUncompressed();
      }
      throw ProtocolException.notUncompressed();
    }

    /** The end mark may need one more step, which yields nothing. */
    private boolean ended() throws DataFormatException {
      return inflater.inflate(new byte[1]) == 0 && inflater.finished();
    }

    @Override
    public void close() {
      deflater.end();
      inflater.end();
    }
  }

  /** RFC 8878. */
  final class Zstandard implements Compression {
    private static final int LEVEL = 3;

    @Override
    public byte[] pack(byte[] plain) {
      return Zstd.compress(plain, LEVEL);
    }

    @Override
    public byte[] unpack(byte[] packed, int length) {
      byte[] plain = new byte[length];
      long got = Zstd.decompress(plain, packed);
      if (Zstd.isError(got) || got != length) {
        throw ProtocolException.notUncompressed();
      }
      return plain;
    }

    @Override
    public void close() {}
  }
}
