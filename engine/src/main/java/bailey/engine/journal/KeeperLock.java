package bailey.engine.journal;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The lock that an executor holds on a container for as long as it looks after it. Here it is only
 * looked at: shared, and only one byte of it, a different one each time, because a JVM refuses two
 * locks of its own on the same byte, whoever asks.
 */
public record KeeperLock(Path path) {
  /** Whether somebody has it. */
  public boolean isHeld() {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ);
        var lock = channel.tryLock(someByte(), 1, true)) {
      return lock == null;
    } catch (NoSuchFileException _) {
      return false;
    } catch (IOException e) {
      throw StateDirectory.failure("looking at the lock", path, e);
    }
  }

  /** Waits until nobody has it. */
  public void awaitRelease() throws InterruptedException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ);
        var lock = channel.lock(someByte(), 1, true)) {
      assert lock.isValid();
    } catch (NoSuchFileException _) {
      // removed: nobody has it
    } catch (FileLockInterruptionException | ClosedByInterruptException _) {
      throw new InterruptedException("waiting for " + path);
    } catch (IOException e) {
      throw StateDirectory.failure("waiting for the lock", path, e);
    }
  }

  private static long someByte() {
    return ThreadLocalRandom.current().nextLong(1L << 62);
  }
}
