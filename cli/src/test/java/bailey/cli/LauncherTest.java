package bailey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code bailey} at the top of the checkout: when it builds, what it starts. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LauncherTest {
  private static final String NOBODY = "65534";

  @TempDir Path temporary;
  private Checkout checkout;

  @BeforeEach
  void makeCheckout() throws Exception {
    checkout = new Checkout(temporary);
  }

  @Test
  void buildsOnceAndStarts() throws Exception {
    var first = checkout.run("run", "", "a b", "@c", "*");
    assertThat(first.err()).singleElement().asString().contains("building").contains("checkout");
    assertThat(first.status()).isZero();
    assertThat(first.out()).containsExactly(program(), "run", "", "a b", "@c", "*");
    assertThat(checkout.run("run", "", "a b", "@c", "*"))
        .isEqualTo(new Checkout.Outcome(0, first.out(), List.of()));
    assertThat(checkout.buildCount()).isEqualTo(1);
  }

  @Test
  void buildsAgainWhenASourceIsNewerOrGone() throws Exception {
    var source = checkout.source("core/src/main/java/B.java");
    checkout.run();
    checkout.change(source);
    checkout.run();
    assertThat(checkout.buildCount()).isEqualTo(2);
    checkout.age();
    Files.delete(source);
    checkout.run();
    assertThat(checkout.buildCount()).isEqualTo(3);
    checkout.run();
    assertThat(checkout.buildCount()).isEqualTo(3);
  }

  @Test
  void aChangedTestIsNoReasonToBuild() throws Exception {
    var test = checkout.source("core/src/test/java/ATest.java");
    checkout.run();
    checkout.change(test);
    checkout.run();
    assertThat(checkout.buildCount()).isEqualTo(1);
  }

  @Test
  void twoFirstCallsBuildOnce() throws Exception {
    var gate = checkout.base.resolve("gate");
    assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
    checkout.mavenMakes("read -r go < " + gate);
    var one = checkout.start(List.of("./bailey"));
    var two = checkout.start(List.of("./bailey"));
    while (Stream.of(one, two).flatMap(Process::children).noneMatch(LauncherTest::waits)) {
      assertThat(one.isAlive() && two.isAlive()).isTrue();
    }
    Files.writeString(gate, "go\n");
    assertThat(Checkout.outcome(one).status()).isZero();
    assertThat(Checkout.outcome(two).status()).isZero();
    assertThat(checkout.buildCount()).isEqualTo(1);
  }

  /** Whether it is flock, asleep. /proc/locks says more, but not in every pid namespace. */
  private static boolean waits(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains("(flock) S ");
    } catch (IOException _) {
      return false; // it has ended
    }
  }

  @Test
  void saysWhichPackageHasAJdk() throws Exception {
    Files.delete(checkout.jvms.resolve("jdk-25/bin/javac"));
    checkout.jdk("jdk-17", "17.0.15+6");
    fails("no JDK 25 or newer", "openjdk-25-jdk-headless", "JAVA_HOME");
  }

  @Test
  void saysThatTheCompilerIsMissing() throws Exception {
    Files.delete(checkout.tools.resolve("gcc"));
    fails("no C compiler", "apt install gcc");
  }

  private void fails(String... parts) throws Exception {
    var outcome = checkout.run();
    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .singleElement()
        .asString()
        .startsWith("bailey: cannot")
        .contains(parts);
    assertThat(checkout.buildCount()).isZero();
  }

  @Test
  void showsWhyABuildFailed() throws Exception {
    checkout.mavenMakes("echo '[ERROR] A.java:[1,2] wrong'; echo noise; exit 1");
    var outcome = checkout.run();
    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.err()).hasSize(3);
    assertThat(outcome.err().get(1)).isEqualTo("[ERROR] A.java:[1,2] wrong");
    assertThat(outcome.err().get(2)).contains("cannot build").endsWith("target/build.log");
  }

  @Test
  void buildsWithAnEmptyEnvironment() throws Exception {
    var seen = checkout.base.resolve("environment");
    checkout.mavenMakes("env > " + seen);
    var process = checkout.start(List.of("env", "-i", "./bailey"));
    assertThat(Checkout.outcome(process).status()).isZero();
    assertThat(Files.readAllLines(seen)).anyMatch(line -> line.startsWith("PATH=/"));
  }

  @Test
  void buildsAgainWhenItsJdkIsGone() throws Exception {
    var newer = checkout.jdk("jdk-26", "26+1");
    checkout.run();
    assertThat(checkout.run().err()).isEmpty();
    var launch = checkout.folder.resolve("cli/target/dist/lib/launch");
    var java = Files.readString(launch).strip();
    Files.delete(Path.of(java));
    Files.delete(Path.of(java).resolveSibling("javac"));
    assertThat(checkout.run().err()).singleElement().asString().contains("building");
    assertThat(checkout.buildCount()).isEqualTo(2);
    assertThat(Files.readString(launch)).isEqualTo(newer + "/bin/java\n");
  }

  private String program() {
    return checkout.folder.resolve("cli/target/dist/bin/bailey").toString();
  }

  @Test
  void startsThroughALinkFromAnywhere() throws Exception {
    var link = checkout.base.resolve("link");
    Files.createSymbolicLink(link, Path.of("checkout/bailey"));
    assertThat(Checkout.outcome(checkout.start(List.of(link.toString()))).out())
        .first()
        .isEqualTo(program());
    assertThat(Checkout.outcome(checkout.start(List.of("sh", "bailey"))).out())
        .first()
        .isEqualTo(program());
    assertThat(Checkout.outcome(checkout.start(List.of("sh", "-c", "cd core; ../bailey"))).out())
        .first()
        .asString()
        .isEqualTo(checkout.folder + "/core/../cli/target/dist/bin/bailey");
  }

  @Test
  void anOrdinaryUserRunsWhatRootHasBuilt() throws Exception {
    assumeTrue(isRoot(), "needs root, to become another user");
    var first = asNobody();
    assertThat(first.status()).isEqualTo(125);
    assertThat(first.err())
        .singleElement()
        .asString()
        .contains("not writable", "run " + checkout.folder + "/bailey version once as its owner");
    checkout.run();
    checkout.change(checkout.folder.resolve("pom.xml"));
    var second = asNobody();
    assertThat(second.status()).isZero();
    assertThat(second.err()).isEmpty();
    assertThat(checkout.buildCount()).isEqualTo(1);
  }

  private Checkout.Outcome asNobody() throws Exception {
    return Checkout.outcome(
        checkout.start(List.of("setpriv", "--reuid=" + NOBODY, "--clear-groups", "./bailey")));
  }

  @Test
  void rootBuildsAsTheOwner() throws Exception {
    assumeTrue(isRoot(), "needs root, to build as another user");
    Files.setPosixFilePermissions(
        Files.createFile(checkout.builds), PosixFilePermissions.fromString("rw-rw-rw-"));
    var chown = List.of("chown", "-R", NOBODY + ":" + NOBODY, checkout.folder.toString());
    assertThat(new ProcessBuilder(chown).start().waitFor()).isZero();
    assertThat(checkout.run().status()).isZero();
    assertThat(Files.readAllLines(checkout.builds)).containsExactly(NOBODY);
    try (var files = Files.walk(checkout.folder)) {
      assertThat(files).allMatch(f -> owner(f).equals(NOBODY));
    }
  }

  private static String owner(Path file) {
    try {
      return Files.getAttribute(file, "unix:uid").toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean isRoot() throws Exception {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }
}
