package bailey.oci.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something to be mounted.
 *
 * @param destination absolute path inside of the container
 * @param type of the file system; null or anything for a bind mount
 * @param source device or directory; of a bind mount relative to the bundle unless absolute
 * @param options as mount(8) and the file system know them; {@code bind} or {@code rbind} makes it
 *     a bind mount
 * @param uidMappings for an idmapped mount, else empty
 * @param gidMappings for an idmapped mount, else empty
 */
public record OciMount(
    String destination,
    @Nullable String type,
    @Nullable String source,
    List<String> options,
    List<IdMapping> uidMappings,
    List<IdMapping> gidMappings) {

  /** Whether {@code options} make it a bind mount; type and data are then of no account. */
  public boolean bind() {
    return options.contains("bind") || options.contains("rbind");
  }
}
