package bailey.fences;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the command line runs through links without making classes at run time: tools/Prelink. */
class PrelinkTest {
  /** Kept by the AOT cache, except for the last, which is for people who debug. */
  private static final Set<String> ALLOWED =
      Set.of(
          "LambdaMetafactory.metafactory",
          "StringConcatFactory.makeConcatWithConstants",
          "ObjectMethods.bootstrap toString");

  @Test
  void nothingIsLeftThatTheCacheCannotKeep() throws IOException {
    var left = new TreeSet<String>();
    for (var module : Set.of("core", "linux", "engine", "cli")) {
      for (var file : classFiles(House.HOME.resolve(module).resolve("target/classes"))) {
        for (var maker : makers(file)) {
          if (!ALLOWED.contains(maker)) {
            left.add(file.getFileName() + " " + maker);
          }
        }
      }
    }
    assertThat(left).isEmpty();
  }

  private static Set<Path> classFiles(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".class")).collect(Collectors.toSet());
    }
  }

  private static Set<String> makers(Path file) throws IOException {
    return ClassFile.of().parse(file).methods().stream()
        .flatMap(method -> method.code().stream())
        .flatMap(CodeModel::elementStream)
        .flatMap(e -> e instanceof InvokeDynamicInstruction site ? Stream.of(site) : Stream.of())
        .map(PrelinkTest::maker)
        .collect(Collectors.toSet());
  }

  private static String maker(InvokeDynamicInstruction site) {
    var method = site.bootstrapMethod();
    var maker = method.owner().displayName() + "." + method.methodName();
    return maker.startsWith("ObjectMethods.") ? maker + " " + site.name().stringValue() : maker;
  }
}
