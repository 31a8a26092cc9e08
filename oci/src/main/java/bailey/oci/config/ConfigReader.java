package bailey.oci.config;

import bailey.core.spec.NamespaceKind;
import bailey.oci.config.OciConfig.Root;
import bailey.oci.json.JsonPlace;
import bailey.oci.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads config.json. */
final class ConfigReader {
  /** The kernel's {@code __NEW_UTS_LEN}. */
  private static final int LONGEST_NAME = 64;

  private final JsonReader in;
  private final List<String> warnings = new ArrayList<>();

  private @Nullable String version;
  private @Nullable Root root;
  private List<OciMount> mounts = List.of();
  private @Nullable OciProcess process;
  private @Nullable String hostname;
  private @Nullable JsonPlace hostnamePlace;
  private @Nullable String domainname;
  private @Nullable JsonPlace domainnamePlace;
  private OciHooks hooks = OciHooks.NONE;
  private Map<String, String> annotations = Map.of();
  private OciLinux linux = OciLinux.NONE;

  ConfigReader(JsonReader in) {
    this.in = in;
  }

  OciConfig config() {
    var here = in.here();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      field(name);
    }
    checkName(hostname, hostnamePlace);
    checkName(domainname, domainnamePlace);
    return new OciConfig(
        Fields.required(in, here, "ociVersion", version),
        Fields.required(in, here, "root", root),
        mounts,
        process,
        hostname,
        domainname,
        hooks,
        annotations,
        linux,
        List.copyOf(warnings));
  }

  private void field(String name) {
    switch (name) {
      case "ociVersion" -> version = version();
      case "root" -> root = root();
      case "mounts" ->
          mounts = Fields.list(in, "a list of objects with a destination", this::mount);
      case "process" -> process = new ProcessReader(in, warnings).process();
      case "hostname" -> {
        hostnamePlace = in.here();
        hostname = name("a host name");
      }
      case "domainname" -> {
        domainnamePlace = in.here();
        domainname = name("a NIS domain name");
      }
      case "hooks" -> hooks = HooksReader.hooks(in);
      case "annotations" -> annotations = Fields.stringMap(in);
      case "linux" -> linux = new LinuxReader(in).linux();
      case "vm" ->
          throw in.refused(
              in.here(),
              "this asks for a virtual machine, which bailey does not make; remove it, or use a"
                  + " runtime that makes one");
      case "solaris", "windows", "zos", "freebsd" -> {
        warnings.add(name + " is ignored: it is for another system than Linux");
        in.skip();
      }
      default -> in.skip();
    }
  }

  private String version() {
    var remedy = "the version of the OCI runtime specification, such as \"1.0.2\"";
    var text = in.string(remedy);
    if (!text.startsWith("1.") || !isVersion(text)) {
      throw in.wrong(text, "is not a version that bailey knows, which are those from 1.0", remedy);
    }
    return text;
  }

  /** Whether it is of the form {@code 1.2.3}, {@code 1.2.3-dev} or {@code 1.2.3+build}. */
  private static boolean isVersion(String text) {
    int numbers = 0;
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (digits > 0 && c == '.' && numbers < 2) {
        numbers++;
        digits = 0;
      } else {
        return numbers == 2 && digits > 0 && (c == '-' || c == '+') && i + 1 < text.length();
      }
    }
    return numbers == 2 && digits > 0;
  }

  private Root root() {
    var here = in.here();
    String path = null;
    boolean readonly = false;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "path" -> path = Fields.path(in);
        case "readonly" -> readonly = in.bool();
        default -> in.skip();
      }
    }
    return new Root(Fields.required(in, here, "path", path), readonly);
  }

  private OciMount mount(JsonReader mount) {
    var here = in.here();
    String destination = null;
    String type = null;
    String source = null;
    List<String> options = List.of();
    List<IdMapping> uids = List.of();
    List<IdMapping> gids = List.of();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "destination" -> destination = destination();
        case "type" -> type = Fields.optional(in, "the type of a file system, such as \"tmpfs\"");
        case "source" -> source = Fields.optional(in, "a path, or the name of a device");
        case "options" -> options = Fields.strings(in, "[\"nosuid\", \"ro\"]");
        case "uidMappings" -> uids = Fields.mappings(in);
        case "gidMappings" -> gids = Fields.mappings(in);
        default -> in.skip();
      }
    }
    var result =
        new OciMount(
            Fields.required(in, here, "destination", destination),
            type,
            source,
            options,
            uids,
            gids);
    if (result.bind() && source == null) {
      throw in.refused(here, "source is missing, which a bind mount must have");
    }
    if (uids.isEmpty() != gids.isEmpty()) {
      throw in.refused(here, "uidMappings and gidMappings go together; give both of them, or none");
    }
    return result;
  }

  /** A relative one is deprecated but allowed, and below the root. */
  private String destination() {
    var path = Fields.path(in);
    if (path.startsWith("/")) {
      return path;
    }
    warnings.add(in.path() + ": " + path + " is taken as /" + path + ": write an absolute path");
    return "/" + path;
  }

  private @Nullable String name(String what) {
    var name = Fields.optional(in, what);
    if (name != null && name.length() > LONGEST_NAME) {
      throw in.wrong(name, "is longer than the kernel allows", "at most 64 characters");
    }
    return name;
  }

  private void checkName(@Nullable String name, @Nullable JsonPlace place) {
    if (place != null && name != null && linux.namespace(NamespaceKind.UTS) == null) {
      throw in.refused(
          place,
          "the name would be the machine's, as the container has no uts namespace; add {\"type\":"
              + " \"uts\"} to linux.namespaces");
    }
  }
}
