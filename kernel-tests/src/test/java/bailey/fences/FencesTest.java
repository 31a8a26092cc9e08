package bailey.fences;

import static bailey.fences.House.callers;
import static bailey.fences.House.in;
import static bailey.fences.House.isIn;
import static bailey.fences.House.offenders;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FencesTest {
  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(Util|Utils|Helper|Helpers|Manager|Impl|Common)");

  private static final String[] PURE = {
    "bailey.core", "java.lang", "java.util", "java.math", "java.time", "java.nio"
  };

  private static final String JSON = "com.fasterxml.jackson.core";

  /** What JSON's methods throw, and what they write to. */
  private static final Set<String> IN_MEMORY =
      Set.of("java.io.IOException", "java.io.UncheckedIOException", "java.io.StringWriter");

  private static final String[] DOCUMENTS = {
    "bailey.oci.config", "bailey.oci.json", "bailey.oci.output", "bailey.oci.request"
  };

  /** Restricted methods of the JDK 25, besides what {@code -Xlint:restricted} says to javac. */
  private static final Set<String> RESTRICTED =
      Set.of(
          "java.lang.foreign.Linker.downcallHandle",
          "java.lang.foreign.Linker.upcallStub",
          "java.lang.foreign.SymbolLookup.libraryLookup",
          "java.lang.foreign.MemorySegment.reinterpret",
          "java.lang.foreign.AddressLayout.withTargetLayout",
          "java.lang.ModuleLayer$Controller.enableNativeAccess",
          "java.lang.System.load",
          "java.lang.System.loadLibrary",
          "java.lang.Runtime.load",
          "java.lang.Runtime.loadLibrary");

  @Test
  void coreKnowsOnlyTheLanguage() {
    assertThat(
            offenders(
                in("bailey.core"),
                c -> isOutside(c) || !(c.isPrimitive() || isIn(c, PURE) || isJspecify(c))))
        .isEmpty();
  }

  /** Parts of the pure packages that reach out of the process or ask the machine. */
  private static boolean isOutside(JavaClass c) {
    return isIn(c, "java.lang.foreign", "java.nio.file", "java.nio.channels")
        || Set.of(
                "java.lang.Process",
                "java.lang.ProcessBuilder",
                "java.lang.ProcessHandle",
                "java.lang.Runtime",
                "java.lang.Thread",
                "java.time.Clock",
                "java.util.Random",
                "java.util.Scanner",
                "java.util.Timer")
            .contains(c.getName());
  }

  /** Documents are read and written as bytes and text that are handed over. */
  @Test
  void theDocumentsOfOciKnowOnlyTheLanguageJsonAndCore() {
    assertThat(
            offenders(
                documents(),
                c ->
                    isOutside(c)
                        || !(c.isPrimitive()
                            || isIn(c, DOCUMENTS)
                            || isIn(c, "bailey.core", "java.lang", "java.util", "java.nio", JSON)
                            || IN_MEMORY.contains(c.getName())
                            || isJspecify(c))))
        .isEmpty();
    assertThat(documents()).isNotEmpty();
  }

  private static Stream<JavaClass> documents() {
    return House.MAIN.stream().filter(c -> isIn(c, DOCUMENTS));
  }

  /**
   * What a bundle's plan depends on is noted where it is looked at, or a plan that was kept would
   * be used where it does not fit any more. Labels are looked at otherwise: plans with these are
   * not kept.
   */
  @Test
  void whatBundlesStandOnIsLookedAtByTheirGround() {
    var mappings =
        Pattern.compile(
            "bailey\\.oci\\.runtime\\.(Bundle|BundlePlans|SpecMapping|MountMapping|DeviceMapping"
                + "|ResourceMapping|BlockIoMapping|GroupPath|Told)(\\$.*)?");
    assertThat(
            offenders(
                in("bailey.oci").filter(c -> mappings.matcher(c.getName()).matches()),
                c ->
                    isIn(c, "java.io", "java.nio.channels")
                        || c.getName().equals("java.nio.file.Files")
                        || c.getName().equals("java.lang.System")))
        .isEmpty();
  }

  @Test
  void coreAsksNeitherEnvironmentNorClock() {
    assertThat(
            callers(
                in("bailey.core"),
                Set.of(
                    "java.lang.System.getenv",
                    "java.lang.System.getProperty",
                    "java.lang.System.getProperties",
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.nanoTime",
                    "java.time.Instant.now",
                    "java.time.ZonedDateTime.now",
                    "java.time.LocalDateTime.now",
                    "java.util.UUID.randomUUID",
                    "java.lang.System.exit",
                    "java.lang.Math.random")))
        .isEmpty();
  }

  @Test
  void nativeAccessIsInOneRoom() {
    assertThat(callers(House.MAIN.stream().filter(c -> !isIn(c, "bailey.linux.sys")), RESTRICTED))
        .isEmpty();
    assertThat(callers(in("bailey.linux.sys"), RESTRICTED)).isNotEmpty();
  }

  @Test
  void foreignMemoryIsSeenInLinuxOnly() {
    assertThat(
            offenders(
                House.MAIN.stream().filter(c -> !isIn(c, "bailey.linux")),
                c -> isIn(c, "java.lang.foreign")))
        .isEmpty();
  }

  @Test
  void arrowsGoOneWay() {
    assertThat(
            offenders(
                in("bailey.linux"), c -> isBailey(c) && !isIn(c, "bailey.linux", "bailey.core")))
        .isEmpty();
    assertThat(offenders(engine(), c -> isBailey(c) && !isEngine(c) && !isIn(c, "bailey.core")))
        .isEmpty();
    assertThat(
            offenders(
                in("bailey.cli"),
                c ->
                    isBailey(c)
                        && !isEngine(c)
                        && !isIn(c, "bailey.cli", "bailey.core", "bailey.oci")
                        && !c.getPackageName().equals("bailey.containerfs")))
        .isEmpty();
    assertThat(
            offenders(in("bailey.oci"), c -> isBailey(c) && !isIn(c, "bailey.oci", "bailey.core")))
        .isEmpty();
    assertThat(
            offenders(
                in("bailey.containerfs"),
                c ->
                    isBailey(c)
                        && !c.getPackageName().equals("bailey")
                        && !isIn(c, "bailey.containerfs", "bailey.core")))
        .isEmpty();
    assertThat(
            offenders(
                in("bailey.testkit"),
                c -> isBailey(c) && !isIn(c, "bailey.testkit", "bailey.core")))
        .isEmpty();
  }

  @Test
  void theProductUsesNoLibrariesButInTheRoomsForThem() {
    assertThat(
            offenders(
                House.MAIN.stream()
                    .filter(c -> !isIn(c, "bailey.cli", "bailey.testkit", "bailey.bench"))
                    .filter(c -> !isIn(c, DOCUMENTS)),
                c -> !c.isPrimitive() && !isBailey(c) && !isIn(c, "java") && !isJspecify(c)))
        .isEmpty();
  }

  @Test
  void namesSayWhatAClassIs() {
    assertThat(
            Stream.concat(House.MAIN.stream(), House.TESTS.stream())
                .filter(c -> EMPTY_NAME.matcher(c.getSimpleName()).matches())
                .map(JavaClass::getName)
                .sorted())
        .isEmpty();
  }

  @Test
  void nobodySleepsToWait() {
    assertThat(
            callers(
                Stream.concat(House.MAIN.stream(), House.TESTS.stream()),
                Set.of("java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep")))
        .isEmpty();
  }

  private static boolean isBailey(JavaClass c) {
    return isIn(c, "bailey");
  }

  private static Stream<JavaClass> engine() {
    return House.MAIN.stream().filter(FencesTest::isEngine);
  }

  /** The engine's packages: its own, and the public one, whose name is that of the product. */
  private static boolean isEngine(JavaClass c) {
    return c.getPackageName().equals("bailey") || isIn(c, "bailey.engine");
  }

  private static boolean isJspecify(JavaClass c) {
    return isIn(c, "org.jspecify");
  }
}
