package bailey.oci.runtime;

import bailey.core.error.BadRequest;
import bailey.core.error.StateDamaged;
import bailey.oci.json.JsonReader;
import bailey.oci.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What has to be known of a container besides its configuration.
 *
 * @param id its name
 * @param bundle absolute path
 * @param rootfs absolute path
 * @param created when (RFC 3339)
 * @param owner name of the user who created it
 * @param boot which start of the machine that was in
 * @param groups path of its control groups below the top of each hierarchy; empty for none
 * @param directories of its control groups, that of cgroup2 first
 */
record ContainerRecord(
    String id,
    String bundle,
    String rootfs,
    String created,
    String owner,
    String boot,
    Optional<String> groups,
    List<String> directories) {
  /** As it is kept. */
  String text() {
    var out = JsonWriter.pretty("  ").object();
    out.field("id", id).field("bundle", bundle).field("rootfs", rootfs);
    out.field("created", created).field("owner", owner).field("boot", boot);
    out.field("groups", groups.orElse("")).field("directories", directories);
    return out.end().text();
  }

  /**
   * Reads one.
   *
   * @throws StateDamaged if it is none
   */
  static ContainerRecord parse(String id, byte[] text) {
    try {
      return read(text);
    } catch (BadRequest e) {
      throw new StateDamaged(
          "container "
              + id
              + ": its record is damaged: "
              + e.getMessage()
              + "; delete --force removes it",
          e);
    }
  }

  private static ContainerRecord read(byte[] bytes) {
    var in = new JsonReader(bytes);
    String id = "";
    String bundle = "";
    String rootfs = "";
    String created = "";
    String owner = "";
    String boot = "";
    String groups = "";
    var directories = new ArrayList<String>();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "id" -> id = in.string("an id");
        case "bundle" -> bundle = in.string("a path");
        case "rootfs" -> rootfs = in.string("a path");
        case "created" -> created = in.string("a time");
        case "owner" -> owner = in.string("a name");
        case "boot" -> boot = in.string("an id");
        case "groups" -> groups = in.string("a path");
        case "directories" -> {
          in.array("paths");
          while (in.element()) {
            directories.add(in.string("a path"));
          }
        }
        default -> in.skip();
      }
    }
    in.end();
    return new ContainerRecord(
        id,
        bundle,
        rootfs,
        created,
        owner,
        boot,
        groups.isEmpty() ? Optional.empty() : Optional.of(groups),
        directories);
  }
}
