package bailey.engine.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import bailey.core.abi.KernelText;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.StateDamaged;
import bailey.core.kept.Fact;
import bailey.core.plan.PlanRecord;
import bailey.core.planner.StateFiles;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The records of how containers ended, kept when the containers are gone: one file each, named
 * after the container and the time it was made. Any thread.
 */
public final class Reports {
  /** How many are kept; more only of containers that are there. */
  public static final int KEPT = 256;

  /** So many more may come together before they are looked through. */
  private static final int SLACK = 64;

  /** Longer names are replaced by a hash of them; with the time it stays below NAME_MAX. */
  private static final int MOST_NAME = 200;

  private static final String HASH = "@";
  private static final int SECOND_DIGITS = 11;
  private static final int NANO_DIGITS = 9;
  private static final String UNFINISHED = ".new";

  private final StateDirectory state;

  /** Of a state directory. */
  public Reports(StateDirectory state) {
    this.state = state;
  }

  /** The name of the file for the end of a container made at {@code created}. */
  public static String file(ContainerPath name, Instant created) {
    return key(name)
        + "."
        + padded(created.getEpochSecond(), SECOND_DIGITS)
        + padded(created.getNano(), NANO_DIGITS);
  }

  /** By hand: to format the first number takes a twentieth of a command line's start. */
  private static String padded(long number, int width) {
    var digits = Long.toString(number);
    return "0".repeat(width - digits.length()) + digits;
  }

  /** Letters, digits, {@code -} and {@code _} as they are, other bytes as {@code %41}. */
  private static String key(ContainerPath name) {
    var key = new StringBuilder();
    for (byte b : KernelText.encode(name.toString())) {
      char c = (char) (b & 0xFF);
      boolean plain = isPlain(c);
      key.append(plain ? String.valueOf(c) : "%" + HexFormat.of().toHexDigits((byte) c));
    }
    return key.length() <= MOST_NAME ? key.toString() : HASH + hash(key.toString());
  }

  /** Whose end a file tells; empty if it tells none. */
  private Optional<ContainerPath> name(String file) {
    try {
      String key = file.substring(0, file.indexOf('.'));
      if (key.startsWith(HASH)) {
        return read(file)
            .map(record -> Intent.parseBeginning(file, record.file(StateFiles.INTENT)).name());
      }
      // all else that URLDecoder changes is written as its byte
      byte[] name = URLDecoder.decode(key, ISO_8859_1).getBytes(ISO_8859_1);
      return Optional.of(ContainerPath.parse("name", KernelText.decode(name, 0, name.length)));
    } catch (BadRequest | StateDamaged | IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }

  /** The record in a file; empty if there is none, or it cannot be read. */
  public Optional<PlanRecord> read(String file) {
    try {
      var path = state.reports().resolve(file);
      return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(PlanRecord.parse(Files.readAllBytes(path)))
          : Optional.empty();
    } catch (NoSuchFileException | IllegalArgumentException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw StateDirectory.failure("reading", state.reports().resolve(file), e);
    }
  }

  /** The file of the container of that name that was made last, if it has ended. */
  public Optional<String> latest(ContainerPath name) {
    String prefix = key(name) + ".";
    return all().stream()
        .filter(file -> file.startsWith(prefix))
        .filter(file -> !file.endsWith(UNFINISHED))
        .max(Comparator.naturalOrder());
  }

  /**
   * Removes the oldest, where they have become many more than {@value #KEPT}.
   *
   * @param there whether a container of that name is there: then its reports stay
   */
  public void prune(Predicate<ContainerPath> there) {
    var files = new ArrayList<>(all());
    if (files.size() <= KEPT + SLACK) {
      return;
    }
    files.sort(Comparator.comparing(Reports::time));
    for (var file : files.subList(0, files.size() - KEPT)) {
      if (name(file).filter(there).isEmpty()) {
        delete(state.reports().resolve(file));
      }
    }
  }

  /** That there are not so many that {@link #prune} would remove some. */
  public Fact few() {
    return new Fact.Few(state.reports().toString(), KEPT + SLACK);
  }

  private static String time(String file) {
    return file.substring(file.indexOf('.') + 1);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw StateDirectory.failure("removing", path, e);
    }
  }

  private List<String> all() {
    try (var files = Files.list(state.reports())) {
      return files.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw StateDirectory.failure("listing", state.reports(), e);
    }
  }
}
