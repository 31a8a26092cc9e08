package bailey.linux;

import bailey.core.error.StateDamaged;
import bailey.core.kernel.FileLocks;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Looks at locks by taking one, shared, for a moment, of one byte far out: a different one each
 * time, because a JVM refuses two locks of its own on the same byte, whoever asks, and never the
 * first byte, by which holders refuse each other. The kernel lets it wait for, and be refused by,
 * open file description locks as by any other (fcntl_locking(2)).
 */
final class LinuxFileLocks implements FileLocks {
  @Override
  public boolean isHeld(String path) {
    try (var channel = FileChannel.open(Path.of(path), StandardOpenOption.READ);
        var lock = channel.tryLock(someByte(), 1, true)) {
      return lock == null;
    } catch (NoSuchFileException _) {
      return false;
    } catch (IOException e) {
      throw new StateDamaged("looking at the lock " + path + " failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void awaitRelease(String path) throws InterruptedException {
    try (var channel = FileChannel.open(Path.of(path), StandardOpenOption.READ);
        var lock = channel.lock(someByte(), 1, true)) {
      assert lock.isValid();
    } catch (NoSuchFileException _) {
      // removed: nobody has it
    } catch (FileLockInterruptionException | ClosedByInterruptException _) {
      throw new InterruptedException("waiting for " + path);
    } catch (IOException e) {
      throw new StateDamaged("waiting for the lock " + path + " failed: " + e.getMessage(), e);
    }
  }

  private static long someByte() {
    return ThreadLocalRandom.current().nextLong(1, 1L << 62);
  }
}
