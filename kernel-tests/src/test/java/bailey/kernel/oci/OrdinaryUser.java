package bailey.kernel.oci;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A user who is in /etc/passwd, /etc/subuid and the like only for the programs that are run here:
 * these see other files there. Nobody else has his number.
 */
final class OrdinaryUser implements AutoCloseable {
  private static final String NAME = "bailey-tester";

  /** Files of /etc in a mount namespace of its own, and then a program as that user. */
  private static final String BECOME =
      """
      mount --make-rprivate / || exit 1
      for file in passwd group subuid subgid; do mount --bind $0/$file /etc/$file || exit 1; done
      uid=$1; shift
      exec setpriv --reuid $uid --regid $uid --clear-groups --inh-caps=-all env -i \
        PATH=/usr/bin:/usr/sbin:/bin HOME=$0/home XDG_RUNTIME_DIR=$0/run BAILEY_IDLE=1m "$@"
      """;

  private final Path directory;
  private final long uid = 700_000_000L + ProcessHandle.current().pid();

  /** Makes what he needs; skips the test where there can be none. */
  OrdinaryUser() throws IOException {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    for (var program : List.of("unshare", "setpriv", "newuidmap", "newgidmap")) {
      Program.require(program);
    }
    KernelAbility.require(
        Files.exists(Path.of("/etc/subuid")) && Files.exists(Path.of("/etc/subgid")),
        "files for ranges of ids");
    directory = Files.createTempDirectory("bailey-user");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    var files =
        Map.of(
            "passwd",
            "root:x:0:0::/root:/bin/sh\n%1$s:x:%2$d:%2$d::%3$s/home:/bin/sh\n",
            "group",
            "root:x:0:\n%1$s:x:%2$d:\n",
            "subuid",
            "%s:800000000:65536\n",
            "subgid",
            "%s:800000000:65536\n");
    for (var file : files.entrySet()) {
      Files.writeString(
          directory.resolve(file.getKey()), file.getValue().formatted(NAME, uid, directory));
    }
    for (var name : List.of("home", "run")) {
      own(Files.createDirectory(directory.resolve(name)));
    }
    Files.setPosixFilePermissions(
        directory.resolve("run"), PosixFilePermissions.fromString("rwx------"));
  }

  /** A directory that is his. */
  Path home() {
    return directory.resolve("home");
  }

  /** His directory for what a session needs. */
  Path session() {
    return directory.resolve("run");
  }

  /** What is not his is open to all; this makes a file his. */
  void own(Path file) throws IOException {
    Files.setAttribute(file, "unix:uid", (int) uid);
    Files.setAttribute(file, "unix:gid", (int) uid);
  }

  /** Runs a program as him, in his home. */
  Program.Result run(List<String> words) {
    var all =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                BECOME,
                directory.toString(),
                Long.toString(uid)));
    all.addAll(words);
    return Program.run(home(), all);
  }

  /** Ends what he still runs, such as Podman's process that keeps his namespace, and his files. */
  @Override
  public void close() {
    var his = ProcessHandle.allProcesses().filter(this::isHis).toList();
    his.forEach(ProcessHandle::destroyForcibly);
    his.forEach(process -> process.onExit().join());
    Program.run(Path.of("/"), List.of("rm", "-rf", directory.toString()));
  }

  private boolean isHis(ProcessHandle process) {
    try {
      return Files.getAttribute(Path.of("/proc/" + process.pid()), "unix:uid").equals((int) uid);
    } catch (IOException _) {
      return false; // it has ended
    }
  }
}
