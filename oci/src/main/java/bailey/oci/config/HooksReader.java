package bailey.oci.config;

import bailey.oci.config.OciHooks.Hook;
import bailey.oci.json.JsonReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code hooks}. */
final class HooksReader {
  private static final String EXAMPLE =
      "a list of objects with a path, such as [{\"path\": \"/usr/bin/hook\"}]";

  private HooksReader() {}

  static OciHooks hooks(JsonReader in) {
    List<Hook> prestart = List.of();
    List<Hook> createRuntime = List.of();
    List<Hook> createContainer = List.of();
    List<Hook> startContainer = List.of();
    List<Hook> poststart = List.of();
    List<Hook> poststop = List.of();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "prestart" -> prestart = list(in);
        case "createRuntime" -> createRuntime = list(in);
        case "createContainer" -> createContainer = list(in);
        case "startContainer" -> startContainer = list(in);
        case "poststart" -> poststart = list(in);
        case "poststop" -> poststop = list(in);
        default -> in.skip();
      }
    }
    return new OciHooks(
        prestart, createRuntime, createContainer, startContainer, poststart, poststop);
  }

  private static List<Hook> list(JsonReader in) {
    return Fields.list(in, EXAMPLE, HooksReader::hook);
  }

  private static Hook hook(JsonReader in) {
    var here = in.here();
    String path = null;
    List<String> args = List.of();
    List<String> env = List.of();
    @Nullable Integer timeout = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "path" -> path = Fields.absolutePath(in);
        case "args" -> args = Fields.strings(in, "[\"hook\", \"--verbose\"]");
        case "env" -> env = Fields.environment(in);
        case "timeout" -> timeout = (int) in.integer(1, Integer.MAX_VALUE, "seconds, 1 or more");
        default -> in.skip();
      }
    }
    return new Hook(Fields.required(in, here, "path", path), args, env, timeout);
  }
}
