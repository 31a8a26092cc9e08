import bailey.ContainerSystem;
import bailey.core.spec.ContainerSpec;
import java.time.Duration;
import java.util.List;

/** Runs the programs of others and tells what came of each. */
class Judge {
  public static void main(String[] arguments) throws Exception {
    var spec =
        ContainerSpec.builder()
            .memory("64M")
            .pids(32)
            .cpus("0.5")
            .timeout(Duration.ofSeconds(5))
            .environment("PATH", "/usr/bin:/bin")
            .build();
    try (var system = ContainerSystem.open()) {
      for (var program : List.of("echo $((6 * 7))", "tail /dev/zero", "exit 3")) {
        Process process = system.start(spec, List.of("sh", "-c", program));
        System.out.print(program + " -> " + new String(process.getInputStream().readAllBytes()));
        System.out.println("status " + process.waitFor());
      }
      var process = system.start(spec, List.of("sleep", "1000"));
      process.container().set("memory.max", "32M"); // while it runs
      process.destroy();
      System.out.println(process.exitReport().join().sentence());
    }
  }
}
