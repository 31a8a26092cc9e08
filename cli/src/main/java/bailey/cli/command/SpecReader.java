package bailey.cli.command;

import static bailey.ContainerSystem.DEFAULT_HIERARCHY;
import static bailey.core.spec.CapabilitySet.ALL;
import static bailey.core.spec.CapabilitySet.CONTAINER_DEFAULT;

import bailey.cli.syntax.Parsed;
import bailey.core.error.BadRequest;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.Malformed;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.ProcRequest;
import bailey.core.spec.Rlimit;
import bailey.core.spec.RootRequest;
import bailey.core.spec.Size;
import bailey.core.spec.UserMapping;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Namespace;
import bailey.core.subsystem.Subsystems;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the options of {@link RunSyntax} into a request. */
final class SpecReader {
  /** Finds the first process of a running container, for {@code --join net=CONTAINER}. */
  @FunctionalInterface
  interface Containers {
    /** The path of a namespace of a container that runs, such as {@code /proc/1234/ns/net}. */
    String namespace(String container, NamespaceKind kind);
  }

  private final Parsed parsed;
  private final Environment environment;
  private final String directory;
  private final Containers containers;
  private final ContainerSpec.Builder spec = ContainerSpec.builder();

  private SpecReader(
      Parsed parsed, Environment environment, String directory, Containers containers) {
    this.parsed = parsed;
    this.environment = environment;
    this.directory = directory;
    this.containers = containers;
  }

  /**
   * The request.
   *
   * @param directory the current one, to which relative paths of the machine belong
   * @throws BadRequest naming the option and what is wrong with its value
   */
  static ContainerSpec read(
      Parsed parsed, Environment environment, String directory, Containers containers) {
    return new SpecReader(parsed, environment, directory, containers).read();
  }

  /** The request for a container without tasks: a name and limits. */
  static ContainerSpec group(String name, Parsed parsed) {
    var reader = new SpecReader(parsed, new Environment(Map.of()), "/", (_, _) -> "");
    reader.spec.name(name).removed(false).detached(true);
    for (var given : parsed.options()) {
      switch (given.name()) {
        case "hierarchy", "on-empty" -> {} // read elsewhere
        case "new" -> {
          for (var kind : kinds("--new", given.value())) {
            reader.spec.namespace(kind, NamespaceRequest.NEW);
          }
        }
        default -> reader.limit(given.name(), given.value());
      }
    }
    return reader.spec.build();
  }

  /**
   * What is asked of a container that is new in some subsystems only: limits, and of {@code --new}
   * namespaces and controllers. Where that names controllers, it has groups in those and in those
   * of its limits alone.
   */
  static ContainerSpec.Builder some(Parsed parsed) {
    var reader = new SpecReader(parsed, new Environment(Map.of()), "/", (_, _) -> "");
    if (parsed.has("new")) { // before the limits, which replace what stands for none
      for (var name : parsed.value("new", "").split(",", -1)) {
        reader.ofItsOwn(name);
      }
    }
    for (var given : parsed.options()) {
      switch (given.name()) {
        case "memory", "pids", "cpus", "cpuset-cpus", "set" ->
            reader.limit(given.name(), given.value());
        case "name" -> reader.spec.name(given.value());
        default -> {} // read elsewhere
      }
    }
    return reader.spec;
  }

  private void ofItsOwn(String name) {
    var subsystem =
        Subsystems.standard()
            .subsystem(name)
            .orElseThrow(
                () ->
                    Malformed.value(
                        "--new",
                        name,
                        "is no subsystem",
                        "names that bailey subsystems lists, such as uts,memory"));
    switch (subsystem) {
      case Namespace namespace -> spec.namespace(namespace.namespace(), NamespaceRequest.NEW);
      case Controller controller -> {
        var setting =
            controller
                .unlimited()
                .orElseThrow(
                    () ->
                        new BadRequest(
                            "--new "
                                + name
                                + ": there is no setting of it that limits nothing; name one that"
                                + " does by --set, such as --set cpuset.cpus=0"));
        spec.accounted(false).control(setting.control(), setting.value());
      }
      default ->
          throw new BadRequest("--new " + name + ": it is neither a namespace nor a controller");
    }
  }

  private ContainerSpec read() {
    boolean bare = !parsed.value("hierarchy", DEFAULT_HIERARCHY).equals(DEFAULT_HIERARCHY);
    if (bare) {
      spec.bare();
    }
    if (parsed.has("new")) {
      onlyNew(kinds("--new", parsed.value("new", "")));
    }
    var capabilities = new Capabilities(bare ? ALL : CONTAINER_DEFAULT);
    for (var given : parsed.options()) {
      String value = given.value();
      switch (given.name()) {
        case "name" -> spec.name(value);
        case "hostname" -> spec.hostname(value);
        case "detach" -> spec.detached(true);
        case "rm" -> spec.removed(true);
        case "log" -> spec.log(absolute(value));
        case "memory", "pids", "cpus", "cpuset-cpus", "set", "rlimit", "timeout" ->
            limit(given.name(), value);
        case "root", "read-only", "bind", "tmpfs", "reveal" -> file(given.name(), value);
        case "cap-add" -> capabilities.add(value);
        case "cap-drop" -> capabilities.drop(value);
        case "seccomp" -> spec.seccomp(word("--seccomp", value, "default", "unconfined"));
        case "new-privileges" -> spec.noNewPrivileges(false);
        case "userns" ->
            spec.userMapping(
                word("--userns", value, "auto", "host") ? UserMapping.AUTO : UserMapping.HOST);
        case "net" ->
            spec.namespace(
                NamespaceKind.NET,
                word("--net", value, "none", "host")
                    ? NamespaceRequest.NEW
                    : NamespaceRequest.SHARED);
        case "share" ->
            kinds("--share", value).forEach(kind -> spec.namespace(kind, NamespaceRequest.SHARED));
        case "join" -> join(value);
        case "proc" ->
            spec.proc(word("--proc", value, "view", "host") ? ProcRequest.VIEW : ProcRequest.HOST);
        case "workdir" -> spec.directory(value);
        case "tty" -> spec.terminal(true);
        case "no-init" -> spec.init(false);
        case "boundary" -> spec.boundary(true);
        default -> {} // new: above; env, clean-env, user: below; init, interactive: as it is anyway
      }
    }
    spec.capabilities(capabilities.kept());
    if (parsed.has("init") && parsed.has("no-init")) {
      throw new BadRequest("--init and --no-init contradict each other; leave one of them out");
    }
    if (parsed.has("log") && !parsed.has("detach")) {
      throw new BadRequest("--log is for --detach only; write > FILE for a container in front");
    }
    spec.removed(parsed.has("rm") || !parsed.has("detach"));
    CommandEnvironment.set(spec, parsed, environment);
    return spec.build();
  }

  private static Set<NamespaceKind> kinds(String option, String list) {
    var kinds = EnumSet.noneOf(NamespaceKind.class);
    for (var kind : list.split(",", -1)) {
      kinds.add(NamespaceKind.of(option, kind));
    }
    return kinds;
  }

  /** Those of user and time are shared unless they are asked for, however many others are new. */
  private void onlyNew(Set<NamespaceKind> kinds) {
    for (var kind : NamespaceKind.values()) {
      if (kinds.contains(kind)) {
        spec.namespace(kind, NamespaceRequest.NEW);
      } else if (kind != NamespaceKind.USER && kind != NamespaceKind.TIME) {
        spec.namespace(kind, NamespaceRequest.SHARED);
      }
    }
  }

  private void limit(String name, String value) {
    switch (name) {
      case "memory" -> spec.memory(value);
      case "pids" -> spec.control("pids.max", value);
      case "cpus" -> spec.cpus(value);
      case "cpuset-cpus" -> spec.control("cpuset.cpus", value);
      case "rlimit" -> spec.rlimit(Rlimit.parse(value));
      case "timeout" -> spec.timeout(Durations.parse("--timeout", value));
      default -> {
        int equals = value.indexOf('=');
        if (equals < 1) {
          throw Malformed.value(
              "--set", value, "sets nothing", "CONTROL=VALUE, for example cpu.weight=50");
        }
        spec.control(value.substring(0, equals), value.substring(equals + 1));
      }
    }
  }

  private void file(String name, String value) {
    switch (name) {
      case "root" -> spec.root(new RootRequest.Directory(absolute(value)));
      case "read-only" -> spec.readOnly(true);
      case "bind" -> spec.mount(bind(value));
      case "tmpfs" -> spec.mount(tmpfs(value));
      default -> spec.reveal(value);
    }
  }

  private MountRequest bind(String text) {
    var parts = ColonList.split(text);
    int count = parts.size();
    boolean hasMode = count == 3 && (parts.get(2).equals("ro") || parts.get(2).equals("rw"));
    if ((count != 2 && !hasMode) || parts.get(0).isEmpty() || parts.get(1).isEmpty()) {
      throw Malformed.value(
          "--bind",
          text,
          "is no bind mount",
          "SOURCE:PATH or SOURCE:PATH:ro, a colon in a name as \\:, for example"
              + " /srv/data:/data:ro");
    }
    boolean readOnly = hasMode && parts.get(2).equals("ro");
    return new MountRequest.Bind(absolute(parts.get(0)), parts.get(1), readOnly);
  }

  private static MountRequest tmpfs(String text) {
    var parts = ColonList.split(text);
    if (parts.size() > 2 || parts.get(0).isEmpty()) {
      throw Malformed.value(
          "--tmpfs", text, "is no tmpfs mount", "PATH or PATH:SIZE, for example /tmp:100M");
    }
    long size = parts.size() == 1 ? 0 : Size.parse("--tmpfs", parts.get(1)).bytes();
    return new MountRequest.Tmpfs(parts.get(0), size);
  }

  private void join(String text) {
    int equals = text.indexOf('=');
    if (equals < 1 || equals == text.length() - 1) {
      throw Malformed.value(
          "--join", text, "joins nothing", "KIND=CONTAINER or KIND=PATH, for example net=web");
    }
    var kind = NamespaceKind.of("--join", text.substring(0, equals));
    String target = text.substring(equals + 1);
    boolean isPath = target.startsWith("/") || target.startsWith(".");
    spec.namespace(
        kind,
        new NamespaceRequest.Joined(
            isPath ? absolute(target) : containers.namespace(target, kind)));
  }

  /** Whether {@code value} is {@code first}; it must be one of the two. */
  private static boolean word(String option, String value, String first, String second) {
    if (!value.equals(first) && !value.equals(second)) {
      throw Malformed.value(
          option, value, "is neither " + first + " nor " + second, "one of these two");
    }
    return value.equals(first);
  }

  /** A path of the machine, from this directory. */
  private String absolute(String path) {
    if (path.startsWith("/") || path.isEmpty()) {
      return path;
    }
    String rest = path;
    while (rest.startsWith("./")) {
      rest = rest.substring(2);
    }
    return rest.isEmpty() || rest.equals(".")
        ? directory
        : directory + (directory.endsWith("/") ? "" : "/") + rest;
  }

  /**
   * What is kept: the default, or nothing after dropping all, and what is added, less what goes.
   */
  private static final class Capabilities {
    private final CapabilitySet usual;
    private CapabilitySet added = CapabilitySet.NONE;
    private CapabilitySet dropped = CapabilitySet.NONE;

    Capabilities(CapabilitySet usual) {
      this.usual = usual;
    }

    void add(String list) {
      added = added.with(CapabilitySet.parse(list));
    }

    void drop(String list) {
      dropped = dropped.with(CapabilitySet.parse(list));
    }

    CapabilitySet kept() {
      return dropped.equals(CapabilitySet.ALL) ? added : usual.with(added).without(dropped);
    }
  }

  /** Lists with colons between their items. */
  static final class ColonList {
    private ColonList() {}

    /** The items; {@code \:} is a colon in one, {@code \\} a backslash. */
    static List<String> split(String text) {
      var items = new ArrayList<String>();
      var item = new StringBuilder();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '\\' && i + 1 < text.length() && ":\\".indexOf(text.charAt(i + 1)) >= 0) {
          item.append(text.charAt(++i));
        } else if (c == ':') {
          items.add(item.toString());
          item.setLength(0);
        } else {
          item.append(c);
        }
      }
      items.add(item.toString());
      return items;
    }
  }
}
