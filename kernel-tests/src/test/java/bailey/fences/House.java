package bailey.fences;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The checkout and what was built in it: every module, found by its folder. */
final class House {
  static final Path HOME = Path.of(System.getProperty("bailey.home"));

  /** Production code of all modules. */
  static final JavaClasses MAIN = classes("target/classes");

  /** Test code of all modules, as far as they were built before this one. */
  static final JavaClasses TESTS = classes("target/test-classes");

  private House() {}

  /** The folders of the modules: those with a pom and sources. */
  static List<Path> modules() {
    try (var folders = Files.list(HOME)) {
      return folders
          .filter(f -> Files.exists(f.resolve("pom.xml")) && Files.exists(f.resolve("src")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavaClasses classes(String folder) {
    return new ClassFileImporter()
        .withImportOption(location -> !location.contains("jmh_generated"))
        .importPaths(modules().stream().map(m -> m.resolve(folder)).filter(Files::exists).toList());
  }

  /** Production classes of {@code prefix} and of the packages below it. */
  static Stream<JavaClass> in(String prefix) {
    return MAIN.stream().filter(c -> isIn(c, prefix));
  }

  static boolean isIn(JavaClass c, String... packages) {
    return Stream.of(packages)
        .anyMatch(p -> c.getPackageName().equals(p) || c.getPackageName().startsWith(p + "."));
  }

  /**
   * The names of those of {@code classes} that depend on a class for which {@code forbidden} holds.
   */
  static Set<String> offenders(Stream<JavaClass> classes, Predicate<JavaClass> forbidden) {
    var names = new TreeSet<String>();
    classes.forEach(
        c ->
            c.getDirectDependenciesFromSelf().stream()
                .filter(d -> forbidden.test(d.getTargetClass().getBaseComponentType()))
                .forEach(d -> names.add(c.getName() + " -> " + d.getTargetClass().getName())));
    return names;
  }

  /**
   * The names of those of {@code classes} that call one of {@code methods}, each "Class.method".
   */
  static Set<String> callers(Stream<JavaClass> classes, Set<String> methods) {
    var names = new TreeSet<String>();
    classes.forEach(
        c ->
            c.getCodeUnitCallsFromSelf().stream()
                .map(call -> call.getTargetOwner().getName() + "." + call.getName())
                .filter(methods::contains)
                .forEach(method -> names.add(c.getName() + " -> " + method)));
    return names;
  }
}
