package bailey.engine.journal;

import bailey.core.error.BadRequest;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.IdentityRequest;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.ProcRequest;
import bailey.core.spec.Rlimit;
import bailey.core.spec.RootRequest;
import bailey.core.spec.UserMapping;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A {@link ContainerSpec} as entries of a record, and back: every part of it. */
final class SpecText {
  private static final String BIND = "bind";
  private static final String READ_ONLY = "bind-ro";
  private static final String TMPFS = "tmpfs";

  private SpecText() {}

  static void write(RecordEntries to, ContainerSpec spec) {
    spec.name().ifPresent(name -> to.put("spec.name", name.toString()));
    to.put(
        "spec.root",
        switch (spec.root()) {
          case RootRequest.Host() -> "host";
          case RootRequest.Directory(String path) -> "directory " + path;
        });
    to.put("spec.readonly", spec.readOnly());
    writeMounts(to, spec.mounts());
    spec.namespaces()
        .forEach(
            (kind, request) ->
                to.put(
                    "spec.namespace." + kind.file(),
                    switch (request) {
                      case NamespaceRequest.New() -> "new";
                      case NamespaceRequest.Shared() -> "shared";
                      case NamespaceRequest.Joined(String path) -> "joined " + path;
                    }));
    to.put("spec.users", spec.userMapping().name());
    to.put("spec.hostname", spec.hostname());
    to.put("spec.control", pairs(spec.controls()));
    to.put("spec.accounted", spec.accounted());
    spec.identity()
        .ifPresent(
            identity -> {
              to.put("spec.uid", identity.uid());
              to.put("spec.gid", identity.gid());
              to.put(
                  "spec.groups",
                  identity.groups().stream().map(String::valueOf).collect(Collectors.joining(",")));
            });
    to.put("spec.capabilities", Long.toHexString(spec.capabilities().mask()));
    to.put("spec.seccomp", spec.seccomp());
    to.put("spec.nonewprivileges", spec.noNewPrivileges());
    to.put("spec.directory", spec.directory());
    to.put(
        "spec.rlimit",
        spec.rlimits().stream()
            .map(limit -> limit.resource() + " " + limit.soft() + " " + limit.hard())
            .toList());
    to.put("spec.init", spec.init());
    to.put("spec.terminal", spec.terminal());
    to.put("spec.timeout", spec.timeout().toString());
    to.put("spec.detached", spec.detached());
    to.put("spec.removed", spec.removed());
    to.put("spec.log", spec.log());
    to.put("spec.revealed", spec.revealed());
    to.put("spec.boundary", spec.boundary());
    to.put("spec.proc", spec.proc().name());
    to.put("spec.env", pairs(spec.environment()));
  }

  private static void writeMounts(RecordEntries to, List<MountRequest> mounts) {
    for (int i = 0; i < mounts.size(); i++) {
      String key = "spec.mount." + i;
      switch (mounts.get(i)) {
        case MountRequest.Bind(String source, String destination, boolean readOnly) -> {
          to.put(key, readOnly ? READ_ONLY : BIND);
          to.put(key + ".source", source);
          to.put(key + ".destination", destination);
        }
        case MountRequest.Tmpfs(String destination, long size) -> {
          to.put(key, TMPFS);
          to.put(key + ".size", size);
          to.put(key + ".destination", destination);
        }
      }
    }
  }

  private static List<String> pairs(Map<String, String> map) {
    return map.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
  }

  static ContainerSpec read(RecordEntries from) {
    try {
      return readUnchecked(from);
    } catch (BadRequest | IllegalArgumentException | DateTimeException e) {
      throw from.damaged(String.valueOf(e.getMessage()));
    }
  }

  private static ContainerSpec readUnchecked(RecordEntries from) {
    var spec = ContainerSpec.builder();
    from.find("spec.name").ifPresent(spec::name);
    String root = from.text("spec.root");
    spec.root(
        root.equals("host")
            ? RootRequest.HOST
            : new RootRequest.Directory(after(from, root, "directory ")));
    spec.readOnly(from.flag("spec.readonly"));
    readMounts(from).forEach(spec::mount);
    for (var kind : NamespaceKind.values()) {
      from.find("spec.namespace." + kind.file())
          .ifPresent(
              text ->
                  spec.namespace(
                      kind,
                      switch (text) {
                        case "new" -> NamespaceRequest.NEW;
                        case "shared" -> NamespaceRequest.SHARED;
                        default -> new NamespaceRequest.Joined(after(from, text, "joined "));
                      }));
    }
    spec.userMapping(UserMapping.valueOf(from.text("spec.users")));
    from.find("spec.hostname").ifPresent(spec::hostname);
    from.texts("spec.control").forEach(pair -> spec.control(name(from, pair), value(pair)));
    spec.accounted(from.flag("spec.accounted"));
    if (from.find("spec.uid").isPresent()) {
      spec.identity(
          new IdentityRequest(
              (int) from.number("spec.uid"), (int) from.number("spec.gid"), groups(from)));
    }
    spec.capabilities(new CapabilitySet(Long.parseLong(from.text("spec.capabilities"), 16)));
    spec.seccomp(from.flag("spec.seccomp"));
    spec.noNewPrivileges(from.flag("spec.nonewprivileges"));
    from.find("spec.directory").ifPresent(spec::directory);
    from.texts("spec.rlimit").forEach(text -> spec.rlimit(rlimit(from, text)));
    spec.init(from.flag("spec.init"));
    spec.terminal(from.flag("spec.terminal"));
    spec.timeout(Duration.parse(from.text("spec.timeout")));
    spec.detached(from.flag("spec.detached"));
    spec.removed(from.flag("spec.removed"));
    from.find("spec.log").ifPresent(spec::log);
    from.texts("spec.revealed").forEach(spec::reveal);
    spec.boundary(from.find("spec.boundary").isPresent() && from.flag("spec.boundary"));
    from.find("spec.proc").map(ProcRequest::valueOf).ifPresent(spec::proc);
    from.texts("spec.env").forEach(pair -> spec.environment(name(from, pair), value(pair)));
    return spec.build();
  }

  private static List<MountRequest> readMounts(RecordEntries from) {
    var mounts = new ArrayList<MountRequest>();
    for (int i = 0; from.find("spec.mount." + i).isPresent(); i++) {
      String key = "spec.mount." + i;
      String destination = from.text(key + ".destination");
      mounts.add(
          switch (from.text(key)) {
            case BIND -> new MountRequest.Bind(from.text(key + ".source"), destination, false);
            case READ_ONLY -> new MountRequest.Bind(from.text(key + ".source"), destination, true);
            case TMPFS -> new MountRequest.Tmpfs(destination, from.number(key + ".size"));
            case String other -> throw from.damaged(key + " is " + other);
          });
    }
    return mounts;
  }

  private static List<Integer> groups(RecordEntries from) {
    String text = from.text("spec.groups");
    return text.isEmpty()
        ? List.of()
        : List.of(text.split(",", -1)).stream().map(Integer::valueOf).toList();
  }

  private static Rlimit rlimit(RecordEntries from, String text) {
    var words = text.split(" ", -1);
    if (words.length != 3) {
      throw from.damaged("spec.rlimit is " + text);
    }
    return new Rlimit(
        Rlimit.Resource.valueOf(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  private static String after(RecordEntries from, String text, String prefix) {
    if (!text.startsWith(prefix)) {
      throw from.damaged("it has " + text + " where it should have " + prefix);
    }
    return text.substring(prefix.length());
  }

  private static String name(RecordEntries from, String pair) {
    int equals = pair.indexOf('=');
    if (equals < 0) {
      throw from.damaged("it has " + pair + " without a =");
    }
    return pair.substring(0, equals);
  }

  private static String value(String pair) {
    return pair.substring(pair.indexOf('=') + 1);
  }
}
