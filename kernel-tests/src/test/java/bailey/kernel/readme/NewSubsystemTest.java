package bailey.kernel.readme;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.subsystem.CgroupFeatures;
import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on a new subsystem shows the code that is in the tree, and its commands do as shown. */
class NewSubsystemTest {
  private static final Path HOME = Path.of(System.getProperty("bailey.home"));
  private static final Path PAGE = HOME.resolve("docs/new-subsystem.md");
  private static final Path EXAMPLE = HOME.resolve("docs/examples/numtasks");

  private static final String SERVICES = "META-INF/services/bailey.core.container.Subsystem";

  @Test
  void theCodeIsThatInTheTree() throws IOException {
    var shown =
        Fence.all(Files.readString(PAGE)).stream()
            .filter(fence -> !fence.language().equals("console"))
            .map(Fence::lines)
            .toList();
    assertThat(shown)
        .containsExactly(
            Files.readAllLines(EXAMPLE.resolve("numtasks/NumtasksSubsystem.java")),
            Files.readAllLines(EXAMPLE.resolve(SERVICES)));
  }

  @Test
  void itKeepsItsPromisesInMemory(@TempDir Path folder) throws Exception {
    var out = Files.createDirectories(folder.resolve("out"));
    Files.createDirectories(out.resolve(SERVICES).getParent());
    Files.copy(EXAMPLE.resolve(SERVICES), out.resolve(SERVICES));
    var path = System.getProperty("java.class.path");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                out.toString(),
                "-cp",
                path,
                EXAMPLE.resolve("numtasks/NumtasksSubsystem.java").toString());
    assertThat(status).isZero();
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                out + File.pathSeparator + path,
                NumtasksOnFake.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  @Tag("tour")
  void itIsCompiledAndWorksAsShown(@TempDir Path folder) throws IOException {
    var features = KernelProbe.features();
    KernelAbility.require(features.uid() == 0, "root");
    CgroupFeatures controllers = features.controllers();
    KernelAbility.require(controllers.controllers().containsKey("pids"), "pids controller");
    var state = folder.resolve("state");
    var environment = new HashMap<String, String>();
    environment.put("BAILEY_STATE", state.toString());
    environment.put("OUT", folder.resolve("modules").toString());
    environment.put("LC_ALL", "C.UTF-8");
    environment.put(
        "PATH", System.getProperty("java.home") + "/bin:" + System.getenv().get("PATH"));
    var exchanges = new ArrayList<Exchange>();
    for (var fence : Fence.all(Files.readString(PAGE))) {
      if (fence.language().equals("console")) {
        exchanges.addAll(Exchange.of(fence));
      }
    }
    var tidy = new Exchange(0, "./bailey ps -aq | tac | xargs -r ./bailey rm -f", List.of());
    exchanges.add(tidy);
    var outputs =
        new Session(HOME, List.of("bash"), environment)
            .type(exchanges, Files.createFile(folder.resolve("tour")));
    ReadmeTest.removeGroups(state);
    var differences = new ArrayList<String>();
    for (int i = 0; i < exchanges.size(); i++) {
      if (i >= outputs.size() || !exchanges.get(i).shows(outputs.get(i))) {
        differences.add(
            "line %d: $ %s\nprints:\n%s"
                .formatted(
                    exchanges.get(i).line(),
                    exchanges.get(i).command(),
                    i < outputs.size() ? String.join("\n", outputs.get(i)) : "(ended)"));
      }
    }
    assertThat(differences).isEmpty();
  }
}
