package bailey.kernel.engine;

import bailey.core.abi.Arch;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import bailey.linux.LinuxKernel;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A file system of a few pages, mounted by the executor. */
record SmallDisk(Path path) implements AutoCloseable {
  /** Mounts one of so many pages of 4 KiB. */
  static SmallDisk mount(Path path, int pages) throws IOException {
    Files.createDirectory(path);
    run(
        s ->
            s.mount(
                "mounting a disk",
                "tmpfs",
                path.toString(),
                "tmpfs",
                0,
                "size=" + pages * 4 + "k"));
    return new SmallDisk(path);
  }

  private static void run(Consumer<Steps> body) {
    try (var kernel = new LinuxKernel()) {
      var steps = new Steps(new Registers());
      body.accept(steps);
      var arch = Arch.of(System.getProperty("os.arch"));
      var plan = new Plan("disk", arch, List.of(), steps.list());
      var failure = kernel.executor().execute(plan, List.of()).end().join().failure();
      if (failure != null) {
        throw new AssertionError(failure.toString());
      }
    }
  }

  /** Takes all space. */
  void fill() throws IOException {
    try (var out = Files.newOutputStream(filler())) {
      var page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      return; // full
    }
  }

  /** Gives the space back. */
  void free() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return path.resolve("filler");
  }

  @Override
  public void close() {
    run(
        s ->
            s.call(
                "unmounting the disk",
                Sys.UMOUNT2,
                Operand.text(path.toString()),
                Operand.number(Flags.MNT_DETACH, Notation.UMOUNT)));
  }
}
