package bailey.oci.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container's config.json (runtime-spec 1.3, config.md).
 *
 * @param ociVersion the version of the specification that it is written for, such as {@code 1.0.2}
 * @param root the root file system
 * @param mounts what is mounted besides, in this order
 * @param process what is to run; null if the container is only to be created
 * @param hostname of the uts namespace
 * @param domainname NIS domain name of the uts namespace
 * @param hooks what is run at points of the container's life
 * @param annotations anything; bailey gives it back in the container's state
 * @param linux the part for Linux, never null
 * @param warnings one sentence each about what was ignored though it may have been meant
 */
public record OciConfig(
    String ociVersion,
    Root root,
    List<OciMount> mounts,
    @Nullable OciProcess process,
    @Nullable String hostname,
    @Nullable String domainname,
    OciHooks hooks,
    Map<String, String> annotations,
    OciLinux linux,
    List<String> warnings) {

  /**
   * The root file system.
   *
   * @param path of the machine; relative to the bundle unless it begins with a slash
   * @param readonly whether it may not be written to inside
   */
  public record Root(String path, boolean readonly) {}
}
