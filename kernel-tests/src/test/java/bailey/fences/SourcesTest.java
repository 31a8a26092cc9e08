package bailey.fences;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SourcesTest {
  @Test
  void eachPackageHasItsPage() throws IOException {
    var without = new ArrayList<String>();
    for (var module : House.modules()) {
      var sources = module.resolve("src/main/java");
      for (var folder : foldersWithCode(sources)) {
        var page = folder.resolve("package-info.java");
        if (!Files.exists(page) || !Files.readString(page).contains("@NullMarked")) {
          without.add(House.HOME.relativize(folder).toString());
        }
      }
    }
    assertThat(without).isEmpty();
  }

  private static List<Path> foldersWithCode(Path sources) throws IOException {
    if (!Files.exists(sources)) {
      return List.of();
    }
    try (var files = Files.walk(sources)) {
      return files
          .filter(f -> f.toString().endsWith(".java") && !f.endsWith("module-info.java"))
          .map(Path::getParent)
          .distinct()
          .sorted()
          .toList();
    }
  }

  /** On the class path, where tests run, services are found by these files; else by the modules. */
  @Test
  void servicesAreDeclaredTwiceAndAlike() throws IOException {
    var byModule = new TreeMap<String, List<String>>();
    var byFile = new TreeMap<String, List<String>>();
    for (var module : House.modules()) {
      var descriptor = module.resolve("target/classes/module-info.class");
      if (Files.exists(descriptor)) {
        try (var in = Files.newInputStream(descriptor)) {
          for (var provides : ModuleDescriptor.read(in).provides()) {
            byModule.put(provides.service(), provides.providers());
          }
        }
      }
      byFile.putAll(serviceFiles(module.resolve("src/main/resources/META-INF/services")));
    }
    assertThat(byFile).isEqualTo(byModule);
  }

  private static Map<String, List<String>> serviceFiles(Path folder) throws IOException {
    var services = new TreeMap<String, List<String>>();
    if (Files.exists(folder)) {
      try (var files = Files.list(folder)) {
        for (var file : files.toList()) {
          services.put(
              file.getFileName().toString(),
              Files.readAllLines(file).stream().filter(l -> !l.isBlank()).toList());
        }
      }
    }
    return services;
  }

  /** A reader of the tree finds the module by its folder. */
  @Test
  void moduleNamesAreFolderNames() throws IOException {
    var wrong = new TreeSet<String>();
    for (var module : House.modules()) {
      var source = module.resolve("src/main/java/module-info.java");
      var name = "bailey." + module.getFileName();
      if (Files.exists(source) && !Files.readString(source).contains("module " + name + " {")) {
        wrong.add(source.toString());
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(
            House.modules().stream()
                .map(m -> m.getFileName().toString())
                .collect(Collectors.toSet()))
        .contains("core", "linux", "engine", "cli", "testkit", "kernel-tests");
  }
}
