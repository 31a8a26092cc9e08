package bailey.oci.runtime;

import bailey.core.bundle.ProcessSpec.SecurityLabel;
import bailey.core.error.NotPossibleHere;
import bailey.oci.config.OciProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Labels of security modules as a configuration has them: refused where the kernel does not have
 * the module in use, or not that profile.
 */
final class LabelMapping {
  private static final Path APPARMOR = Path.of("/sys/module/apparmor/parameters/enabled");

  /** Those that are loaded, a line {@code NAME (MODE)} each; only root may read it. */
  private static final Path PROFILES = Path.of("/sys/kernel/security/apparmor/profiles");

  private static final Path SELINUX = Path.of("/sys/fs/selinux/enforce");

  private LabelMapping() {}

  /** The labels of a process. */
  static SecurityLabel of(OciProcess process) {
    if (process.selinuxLabel() != null) {
      needSelinux("process.selinuxLabel");
    }
    var profile = process.apparmorProfile();
    if (profile != null) {
      needProfile(profile);
    }
    return new SecurityLabel(
        Optional.ofNullable(process.selinuxLabel()), Optional.ofNullable(profile));
  }

  /**
   * Refuses what needs SELinux where that is not.
   *
   * @param field that needs it
   */
  static void needSelinux(String field) {
    if (!Files.exists(SELINUX)) {
      throw new NotPossibleHere(
          field + ": this kernel has no SELinux in use; leave it out, or boot with lsm=selinux");
    }
  }

  private static void needProfile(String profile) {
    if (!text(APPARMOR).orElse("").startsWith("Y")) {
      throw new NotPossibleHere(
          "process.apparmorProfile: this kernel has no AppArmor in use; leave it out, or boot with"
              + " lsm=apparmor");
    }
    text(PROFILES)
        .filter(loaded -> !isLoaded(profile, loaded.lines()))
        .ifPresent(
            _ -> {
              throw new NotPossibleHere(
                  "process.apparmorProfile: no profile "
                      + profile
                      + " is loaded; load it by apparmor_parser, or name another");
            });
  }

  /**
   * Whether a profile is there, as far as that list tells: of stacked ones ({@code a//&b}) and
   * those of other namespaces of policies ({@code :ns:a}) the kernel decides.
   */
  static boolean isLoaded(String profile, Stream<String> loaded) {
    return profile.equals("unconfined")
        || profile.startsWith(":")
        || profile.contains("//&")
        || loaded
            .filter(line -> line.lastIndexOf(" (") > 0)
            .anyMatch(line -> line.substring(0, line.lastIndexOf(" (")).equals(profile));
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException _) {
      return Optional.empty(); // not there, or not for this user
    }
  }
}
