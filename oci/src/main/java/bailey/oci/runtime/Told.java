package bailey.oci.runtime;

import bailey.core.planner.BundleRequest.StateText;
import bailey.oci.config.OciConfig;
import bailey.oci.json.JsonWriter;
import bailey.oci.output.OciState;

/** The state of a container as its hooks are told it (runtime.md, State), with the number last. */
final class Told {
  private Told() {}

  /** What hooks of a container are told, but for its status and process. */
  static StateText of(String id, String directory, OciConfig config) {
    var head =
        JsonWriter.line()
            .object()
            .field("ociVersion", OciState.VERSION)
            .field("id", id)
            .field("status", "")
            .end()
            .text();
    var rest =
        JsonWriter.line()
            .object()
            .field("bundle", directory)
            .field("annotations", config.annotations())
            .field("pid", 0)
            .end()
            .text();
    return new StateText(
        head.substring(0, head.length() - 2), "\"," + rest.substring(1, rest.length() - 2));
  }
}
