package bailey.oci.output;

import bailey.oci.json.JsonWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a container (runtime.md, State).
 *
 * @param id its name
 * @param status where it is in its life
 * @param pid of its first process on the machine; 0 where there is none
 * @param bundle absolute path
 * @param annotations of its configuration
 */
public record OciState(
    String id, Status status, int pid, String bundle, Map<String, String> annotations) {
  /** The version of the specification that bailey writes. */
  public static final String VERSION = "1.3.0";

  /** The states of runtime.md, and runc's {@code paused}. */
  public enum Status {
    /** Being made. */
    CREATING("creating"),
    /** Made, the command not yet started. */
    CREATED("created"),
    /** The command runs. */
    RUNNING("running"),
    /** The command runs but is frozen. */
    PAUSED("paused"),
    /** The command has ended. */
    STOPPED("stopped");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /** As documents have it. */
    public String word() {
      return word;
    }
  }

  /**
   * What runc adds in {@code state} and {@code list}, and its callers read.
   *
   * @param rootfs absolute path
   * @param created when, such as {@code 2026-11-22T16:04:27.5Z} (RFC 3339)
   * @param owner name of the user; empty if not known
   */
  public record Additions(String rootfs, String created, String owner) {}

  /** The document that hooks get on their standard input, on one line. */
  public String json() {
    var out = JsonWriter.line().object();
    fields(out, null);
    return out.end().text();
  }

  /** The document that {@code state} prints. */
  public String json(Additions additions) {
    var out = JsonWriter.pretty("  ").object();
    fields(out, additions);
    return out.end().text();
  }

  /** The document that {@code list --format json} prints, on one line. */
  public static String list(List<OciState> states, List<Additions> additions) {
    var out = JsonWriter.line().array();
    for (int i = 0; i < states.size(); i++) {
      out.object();
      states.get(i).fields(out, additions.get(i));
      out.end();
    }
    return out.end().text();
  }

  private void fields(JsonWriter out, @Nullable Additions additions) {
    out.field("ociVersion", VERSION).field("id", id);
    out.field("pid", pid).field("status", status.word()).field("bundle", bundle);
    if (additions != null) {
      out.field("rootfs", additions.rootfs()).field("created", additions.created());
    }
    if (!annotations.isEmpty()) {
      out.field("annotations", annotations);
    }
    if (additions != null) {
      out.field("owner", additions.owner());
    }
  }
}
