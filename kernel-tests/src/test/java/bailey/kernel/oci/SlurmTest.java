package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A cluster of Slurm's that is this machine alone, and jobs in containers. Its daemons are in pid,
 * network and mount namespaces of the test's own, and end with these.
 */
class SlurmTest {
  private static final String RUNTIME = System.getProperty("bailey.home") + "/bailey-oci";
  private static final String GROUP = "bailey-test-slurm-" + ProcessHandle.current().pid();

  /** getaddrinfo(3) wants an address that is not the loopback's. */
  private static final String CLUSTER =
      """
      ip link set lo up && ip link add near0 type veth peer name far0 &&
      ip addr add 10.77.0.1/24 dev near0 && ip link set near0 up && ip link set far0 up || exit 1
      mkdir munge && mount -t tmpfs tmpfs munge || exit 1
      munged --force --num-threads=1 --key-file=$PWD/munge.key --socket=$PWD/munge/socket \
        --pid-file=$PWD/munge/pid --log-file=$PWD/munge/log --seed-file=$PWD/munge/seed || exit 1
      export SLURM_CONF=$PWD/slurm.conf BAILEY_SERVE=off
      slurmctld -c && slurmd || exit 1
      until sinfo -h -o %T | grep -q idle; do [ -d munge ] || exit 1; done
      """;

  private Path directory = Path.of("/nowhere");

  @BeforeEach
  void makeCluster() throws IOException {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    for (var program :
        List.of("slurmctld", "slurmd", "sbatch", "munged", "ip", "unshare", "runc", "busybox")) {
      Program.require(program);
    }
    directory = Files.createTempDirectory("bailey-test-slurm");
    // what munge and Slurm read must not be another's to change
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    var key = new byte[1024];
    new Random().nextBytes(key); // only this test's own daemons trust each other by it
    Files.write(directory.resolve("munge.key"), key);
    Files.setPosixFilePermissions(
        directory.resolve("munge.key"), PosixFilePermissions.fromString("r--------"));
    for (var name : List.of("state", "spool", "bundle/rootfs/tmp")) {
      Files.createDirectories(directory.resolve(name));
    }
    configure();
    makeBundle();
  }

  private void configure() throws IOException {
    var host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    Files.writeString(
        directory.resolve("slurm.conf"),
        """
        ClusterName=test
        SlurmctldHost=%1$s(10.77.0.1)
        SlurmUser=root
        SlurmdUser=root
        AuthType=auth/munge
        AuthInfo=socket=%2$s/munge/socket
        CryptoType=crypto/munge
        StateSaveLocation=%2$s/state
        SlurmdSpoolDir=%2$s/spool
        SlurmctldPidFile=%2$s/slurmctld.pid
        SlurmdPidFile=%2$s/slurmd.pid
        SlurmctldLogFile=%2$s/slurmctld.log
        SlurmdLogFile=%2$s/slurmd.log
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        MpiDefault=none
        NodeName=%1$s NodeAddr=10.77.0.1 CPUs=1 State=UNKNOWN
        PartitionName=all Nodes=ALL Default=YES State=UP
        """
            .formatted(host, directory));
    Files.writeString(
        directory.resolve("oci.conf"),
        """
        RunTimeQuery="%1$s --root=%2$s/oci state %%n.%%u.%%j.%%s.%%t"
        RunTimeKill="%1$s --root=%2$s/oci kill -a %%n.%%u.%%j.%%s.%%t"
        RunTimeDelete="%1$s --root=%2$s/oci delete --force %%n.%%u.%%j.%%s.%%t"
        RunTimeRun="%1$s --root=%2$s/oci run %%n.%%u.%%j.%%s.%%t -b %%b"
        """
            .formatted(RUNTIME, directory));
  }

  private void makeBundle() throws IOException {
    var bundle = directory.resolve("bundle");
    var bin = Files.createDirectories(bundle.resolve("rootfs/bin"));
    Files.copy(Path.of("/usr/bin/busybox"), bin.resolve("busybox"));
    for (var applet : List.of("sh", "cat", "id", "sleep", "hostname", "echo")) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    Program.run(bundle, List.of("runc", "spec"));
    var config = bundle.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"terminal\": true", "\"terminal\": false")
            .replace("\"readonly\": true", "\"readonly\": false")
            .replace("\"linux\": {", "\"linux\": {\"cgroupsPath\": \"/" + GROUP + "/job\","));
  }

  @AfterEach
  void removeCluster() throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Program.run(Path.of("/"), List.of("rm", "-rf", directory.toString()));
    try (var tops = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (var top : tops.toList()) {
        Files.deleteIfExists(top.resolve(GROUP));
      }
    }
    Files.deleteIfExists(Path.of("/sys/fs/cgroup", GROUP));
  }

  private Program.Result onTheCluster(String script) {
    return Program.run(
        directory,
        List.of(
            "unshare",
            "--net",
            "--mount",
            "--pid",
            "--fork",
            "--mount-proc",
            "--kill-child",
            "sh",
            "-c",
            CLUSTER + script));
  }

  private String log() throws IOException {
    var log = directory.resolve("slurmd.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  @Test
  void aJobRunsInAContainerAndEndsAsItsScript() throws IOException {
    var result =
        onTheCluster(
            "sbatch --wait --output=out --container=$PWD/bundle --wrap 'hostname; id -u; echo job"
                + " $SLURM_JOB_ID; cat /proc/self/cgroup; exit 7'");
    assertThat(result.status()).as(result.err() + log()).isEqualTo(7);
    assertThat(Files.readString(directory.resolve("out")))
        .startsWith("runc\n0\njob 1\n")
        .contains("/" + GROUP + "/job");
    assertThat(directory.resolve("oci")).isEmptyDirectory();
  }

  @Test
  void aJobThatIsCancelledIsKilled() throws IOException {
    var result =
        onTheCluster(
            """
            sbatch --output=out --container=$PWD/bundle --wrap 'echo runs; sleep 1000'
            until grep -qs runs out; do [ -d munge ] || exit 1; done
            scancel --full 1
            while [ -n "$(ls oci)" ]; do [ -d munge ] || exit 1; done
            """);
    assertThat(result.status()).as(result.err() + log()).isZero();
  }
}
