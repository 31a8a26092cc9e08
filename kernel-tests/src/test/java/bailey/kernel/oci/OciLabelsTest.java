package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Labels of security modules: in force where the kernel has the module, else refused. */
class OciLabelsTest {
  private static final String PRIVILEGES = "\"noNewPrivileges\": true";
  private static final Path APPARMOR = Path.of("/sys/kernel/security/apparmor");
  private static final String PROFILE = "bailey-test-profile";

  /** Denies what the shell could do without. */
  private static final String RULES =
      """
      profile %s flags=(attach_disconnected) {
        file,
        capability,
        signal,
        network,
        mount,
        umount,
        deny /** w,
      }
      """
          .formatted(PROFILE);

  @RegisterExtension final TestBundle bundle = new TestBundle();

  private static boolean hasAppArmor() throws IOException {
    var enabled = Path.of("/sys/module/apparmor/parameters/enabled");
    return Files.exists(enabled) && Files.readString(enabled).startsWith("Y");
  }

  private TestBundle profile(String name) {
    return bundle.replace(PRIVILEGES, PRIVILEGES + ", \"apparmorProfile\": \"" + name + "\"");
  }

  /** Compiled here and given to the kernel as apparmor_parser(8) does. */
  private void load() throws IOException {
    Program.require("apparmor_parser");
    var source = Files.writeString(bundle.directory().resolve("profile"), RULES);
    var compiled = bundle.directory().resolve("compiled");
    var words =
        List.of(
            "apparmor_parser",
            "--skip-kernel-load",
            "--skip-cache",
            "--quiet",
            "--ofile",
            compiled.toString(),
            source.toString());
    var result = Program.run(bundle.directory(), words);
    assertThat(result.status()).as(result.err()).isZero();
    Files.write(APPARMOR.resolve(".load"), Files.readAllBytes(compiled));
  }

  private static void unload() throws IOException {
    Files.writeString(APPARMOR.resolve(".remove"), PROFILE);
  }

  @Test
  void aProfileIsInForceAlsoForAFurtherProcess() throws IOException {
    Assumptions.assumeTrue(hasAppArmor(), "this kernel has no AppArmor");
    load();
    try {
      var script = "echo > /dev/shm/x || echo denied; cat /proc/self/attr/current";
      profile(PROFILE).script(script);
      var result = bundle.run("run", "one");
      assertThat(result.status()).as(result.err()).isZero();
      assertThat(result.out()).isEqualTo("denied\n" + PROFILE + " (enforce)\n");

      bundle.replace(script, "exec sleep 1000");
      assertThat(bundle.run("run", "--detach", "two").err()).isEmpty();
      var further = bundle.run("exec", "two", "cat", "/proc/self/attr/current");
      assertThat(further.out()).as(further.err()).isEqualTo(PROFILE + " (enforce)\n");
      var other =
          bundle.run("exec", "--apparmor", "unconfined", "two", "cat", "/proc/self/attr/current");
      assertThat(other.out()).as(other.err()).isEqualTo("unconfined\n");
      var none = bundle.run("exec", "--apparmor", "bailey-test-none", "two", "true");
      assertThat(none.status()).isEqualTo(255);
      assertThat(none.err()).contains("no profile bailey-test-none is loaded").hasLineCount(1);
      assertThat(bundle.run("delete", "--force", "two").err()).isEmpty();
    } finally {
      unload();
    }
  }

  /** In a user namespace its own files in /proc are not its own at all times. */
  @Test
  void alsoOfAnotherUser() throws IOException {
    Assumptions.assumeTrue(hasAppArmor(), "this kernel has no AppArmor");
    load();
    try {
      profile(PROFILE).users().command("cat", "/proc/self/attr/current");
      var result = bundle.run("run", "one");
      assertThat(result.out()).as(result.err()).isEqualTo(PROFILE + " (enforce)\n");
    } finally {
      unload();
    }
  }

  @Test
  void aProfileThatIsNotLoadedIsRefused() throws IOException {
    profile("bailey-test-none");
    var result = bundle.run("run", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("process.apparmorProfile: ")
        .contains(
            hasAppArmor()
                ? "no profile bailey-test-none is loaded"
                : "this kernel has no AppArmor in use")
        .contains("; line ")
        .hasLineCount(1);
    assertThat(bundle.run("state", "one").status()).isEqualTo(1);
  }

  @Test
  void noneIsAProfileWhereTheKernelHasProfiles() throws IOException {
    Assumptions.assumeTrue(hasAppArmor(), "this kernel has no AppArmor");
    profile("unconfined").command("cat", "/proc/self/attr/apparmor/current");
    assertThat(bundle.run("run", "one").out()).isEqualTo("unconfined\n");
  }

  @Test
  void aLabelIsRefusedWhereTheKernelHasNone() {
    KernelAbility.require(!Files.exists(Path.of("/sys/fs/selinux/enforce")), "no SELinux");
    bundle.replace(PRIVILEGES, PRIVILEGES + ", \"selinuxLabel\": \"system_u:system_r:x_t:s0\"");
    var result = bundle.run("run", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("process.selinuxLabel: this kernel has no SELinux in use");
  }

  @Test
  void soIsOneOfMounts() {
    KernelAbility.require(!Files.exists(Path.of("/sys/fs/selinux/enforce")), "no SELinux");
    bundle.linux("'mountLabel': 'system_u:object_r:x_t:s0'");
    var result = bundle.run("run", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("linux.mountLabel: this kernel has no SELinux in use")
        .hasLineCount(1);
  }
}
