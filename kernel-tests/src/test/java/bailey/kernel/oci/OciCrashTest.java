package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.bundle.BundleStart;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.kernel.Kernel;
import bailey.core.plan.Plan;
import bailey.kernel.engine.Crash;
import bailey.kernel.engine.PlanCapture;
import bailey.linux.LinuxKernel;
import bailey.oci.config.OciProcess;
import bailey.oci.runtime.GroupMaker;
import bailey.oci.runtime.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whoever executes a plan for a bundle is killed after each of its steps. What is left is removed
 * by {@code delete --force}, and a container beside it does not notice.
 */
class OciCrashTest {
  /** As in {@link bailey.kernel.engine.CrashTest}. */
  private static final int EVERY = Integer.getInteger("bailey.fault.every", 1);

  /** Each of these takes the life of a container besides. */
  private static final int FEWER = 3 * EVERY;

  @RegisterExtension final TestBundle bundle = new TestBundle();
  @RegisterExtension final TestBundle beside = new TestBundle();

  private final LinuxKernel kernel = new LinuxKernel();
  private long neighbour;

  @BeforeEach
  void startNeighbour() throws IOException {
    bundle.command("sleep", "1000");
    beside.command("sleep", "1000");
    succeeds(beside, "run", "--detach", "--pid-file", "pid", "one");
    neighbour = Long.parseLong(Files.readString(beside.directory().resolve("pid")));
  }

  @AfterEach
  void endExecutor() {
    kernel.close();
  }

  private static void succeeds(TestBundle bundle, String... words) {
    var result = bundle.run(words);
    assertThat(result.status()).as(result.err()).isZero();
  }

  private static BundleStart start(Attachment attachment) {
    return new BundleStart(
        attachment, Optional.empty(), Optional.empty(), Optional.empty(), 0, true);
  }

  private OciRuntime runtime(Kernel on) {
    return new OciRuntime(
        on, bundle.directory().resolve("state"), GroupMaker.CGROUPFS, _ -> {}, List::of);
  }

  private Plan captured(Consumer<OciRuntime> use) {
    return PlanCapture.plan(kernel, capture -> use.accept(runtime(capture)));
  }

  private Plan created(Attachment attachment) {
    return runtime(kernel).plan("one", bundle.directory(), start(attachment), true);
  }

  @Test
  void create() throws Exception {
    everywhere(EVERY, () -> created(Attachment.CREATED), this::delete);
  }

  @Test
  void run() throws Exception {
    everywhere(2 * FEWER, () -> created(Attachment.DETACHED), this::delete);
  }

  /** No group leads to what is left of it then. */
  @Test
  void createWithUsersOfItsOwnAndATerminal() throws Exception {
    bundle
        .users()
        .mount("{'destination': '/dev/shm/a', 'source': 'rootfs', 'options': ['bind', 'ro']}");
    everywhere(2 * FEWER, () -> created(Attachment.CREATED), this::delete);
  }

  @Test
  void startOfWhatWasCreated() throws Exception {
    everywhere(
        EVERY,
        () -> {
          succeeds(bundle, "create", "one");
          return captured(runtime -> runtime.start("one"));
        },
        this::delete);
  }

  @Test
  void deletion() throws Exception {
    everywhere(
        EVERY,
        () -> {
          succeeds(bundle, "run", "--detach", "one");
          return captured(runtime -> runtime.delete("one", true));
        },
        this::delete);
  }

  /** The container itself does not notice either. */
  @Test
  void exec() throws Exception {
    succeeds(bundle, "run", "--detach", "one");
    everywhere(
        FEWER,
        () ->
            captured(
                runtime ->
                    runtime.exec(
                        "one", OciCrashTest::process, List.of(), start(Attachment.DETACHED))),
        at -> assertThat(bundle.run("state", "one").out()).as(at).contains("\"running\""));
    delete("at the end");
  }

  private static OciProcess process(@Nullable OciProcess container) {
    var own = Objects.requireNonNull(container);
    return new OciProcess(
        false,
        null,
        own.user(),
        List.of("true"),
        own.env(),
        "/",
        own.capabilities(),
        List.of(),
        true,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private void everywhere(int every, Supplier<Plan> plans, Consumer<String> recover)
      throws Exception {
    new Crash(kernel, true)
        .everywhere(
            every,
            3,
            plans,
            at -> {
              recover.accept(at);
              assertThat(Path.of("/proc/" + neighbour + "/root/bin/busybox")).as(at).exists();
            });
    assertThat(beside.run("state", "one").out()).contains("\"running\"");
  }

  private void delete(String at) {
    var deleted = bundle.run("delete", "--force", "one");
    assertThat(deleted.err()).as(at).isEmpty();
    assertThat(deleted.status()).as(at).isZero();
    assertThat(bundle.directory().resolve("state/one")).as(at).doesNotExist();
    try (var tops = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (var top : tops.toList()) {
        assertThat(Path.of(top + bundle.group())).as(at).doesNotExist();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
