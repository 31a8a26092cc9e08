package bailey;

import bailey.core.abi.KernelText;
import bailey.core.container.ContainerPath;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Numbers of containers made from their names alone, the same in every process that knows the
 * secret, for those who need a short name: 46 bits. Of 10,000 containers two have the same with a
 * probability of 7e-7. Who may choose names and does not know the secret cannot choose one that has
 * the number of another's container. Any thread may use it.
 */
public final class ContainerKeys {
  /** How many bits a number has. */
  public static final int BITS = 46;

  /** How many bytes a secret has. */
  public static final int SECRET = 16;

  private static final int DIGITS = 12;

  private final byte[] secret;

  /** By a secret of {@link #SECRET} random bytes. */
  public ContainerKeys(byte[] secret) {
    if (secret.length != SECRET) {
      throw new IllegalArgumentException("a secret of " + secret.length + " bytes, not " + SECRET);
    }
    this.secret = secret.clone();
  }

  /** That of a container, or of a hierarchy's root; never 0. */
  public long of(String hierarchy, ContainerPath path) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(secret);
      var hash = digest.digest(KernelText.encode(hierarchy + "/" + path));
      return Math.max(1, ByteBuffer.wrap(hash).getLong() & ((1L << BITS) - 1));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** As twelve digits of base 16. */
  public static String text(long key) {
    var digits = Long.toHexString(key);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /** The number of such a text; 0 where it is none. */
  public static long parse(String text) {
    if (text.length() != DIGITS
        || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      return 0;
    }
    long key = Long.parseLong(text, 16);
    return key < 1L << BITS ? key : 0;
  }
}
