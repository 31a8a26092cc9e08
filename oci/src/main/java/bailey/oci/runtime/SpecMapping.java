package bailey.oci.runtime;

import bailey.core.abi.Flags;
import bailey.core.bundle.BundleHooks;
import bailey.core.bundle.BundleHooks.Hook;
import bailey.core.bundle.BundleMount;
import bailey.core.bundle.BundleRoot;
import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.GroupRequest;
import bailey.core.bundle.KernelPathRules;
import bailey.core.bundle.NetDevice;
import bailey.core.bundle.ProcessSpec;
import bailey.core.bundle.ProcessSpec.Filter;
import bailey.core.bundle.ProcessSpec.Listener;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kept.Fact.Kind;
import bailey.core.kernel.Kernel;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.subsystem.KernelWrite;
import bailey.oci.config.OciConfig;
import bailey.oci.config.OciHooks;
import bailey.oci.config.OciLinux.Propagation;
import bailey.oci.config.OciProcess;
import bailey.oci.config.OciResources;
import bailey.oci.config.OciSeccomp;
import bailey.oci.json.JsonWriter;
import bailey.oci.request.OciFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a bundle's configuration asks for, as the kernel has it. What this machine or this user
 * cannot have is refused by the name of its field, before anything is done.
 */
final class SpecMapping {
  private final Kernel kernel;
  private final Bundle bundle;
  private final OciConfig config;
  private final Consumer<String> warnings;

  /**
   * For one bundle.
   *
   * @param warnings hear of what is ignored
   */
  SpecMapping(Kernel kernel, Bundle bundle, Consumer<String> warnings) {
    this.kernel = kernel;
    this.bundle = bundle;
    this.config = bundle.config();
    this.warnings = warnings;
  }

  /**
   * The container.
   *
   * @param manager who makes control groups
   * @param groups where its own are
   * @param pivot whether its root is made the root by pivot_root(2)
   */
  BundleSpec spec(GroupMaker manager, Optional<String> groups, boolean pivot) {
    var linux = config.linux();
    if (linux.mountLabel() != null) {
      LabelMapping.needSelinux("linux.mountLabel");
    }
    var namespaces = namespaces();
    return new BundleSpec(
        root(pivot),
        mounts(),
        linux.devices().stream().map(DeviceMapping::node).toList(),
        new KernelPathRules(linux.maskedPaths(), linux.readonlyPaths()),
        namespaces,
        MountMapping.ranges(linux.uidMappings()),
        MountMapping.ranges(linux.gidMappings()),
        clocks(),
        interfaces(),
        Optional.ofNullable(config.hostname()),
        Optional.ofNullable(config.domainname()),
        sysctls(),
        limits(manager, groups),
        hooks(config.hooks()),
        process(needProcess()));
  }

  private OciProcess needProcess() {
    if (config.process() == null) {
      throw new BadRequest("process: it is missing; say what is to run in the container");
    }
    return config.process();
  }

  /** A process of the container. */
  ProcessSpec process(OciProcess process) {
    return ProcessMapping.of(
        process,
        config.linux(),
        bundle.home(process.user().uid()).orElse("/"),
        Optional.ofNullable(config.linux().seccomp()).map(this::filter));
  }

  private Filter filter(OciSeccomp seccomp) {
    var filter = OciFilter.of(seccomp, kernel.features().arch());
    filter.warnings().forEach(warnings);
    var path = seccomp.listenerPath();
    var metadata = seccomp.listenerMetadata();
    return new Filter(
        filter.filter().assemble(),
        filter.flags(),
        path == null
            ? Optional.empty()
            : Optional.of(new Listener(path, quoted(metadata == null ? "" : metadata))));
  }

  private static String quoted(String text) {
    String list = JsonWriter.line().array().value(text).end().text();
    return list.substring(1, list.length() - 1);
  }

  private Map<NamespaceKind, NamespaceRequest> namespaces() {
    var requests = new EnumMap<NamespaceKind, NamespaceRequest>(NamespaceKind.class);
    for (var namespace : config.linux().namespaces()) {
      var path = namespace.path();
      requests.put(
          namespace.kind(),
          path == null ? NamespaceRequest.NEW : new NamespaceRequest.Joined(path));
    }
    if (!requests.containsKey(NamespaceKind.MNT)) {
      throw new NotPossibleHere(
          "linux.namespaces: without a mount namespace the machine's own mounts would be changed;"
              + " add {\"type\": \"mount\"}");
    }
    return requests;
  }

  private BundleRoot root(boolean pivot) {
    var path = bundle.root();
    var asked = config.linux().rootfsPropagation();
    long propagation = asked == null ? 0 : flags(asked);
    // asked for, it need not be of the mount that the root is on; and of a shared one pivot_root(2)
    // takes no root
    return new BundleRoot(
        path.toString(),
        config.root().readonly(),
        propagation,
        pivot,
        asked == null ? Optional.empty() : Optional.of(mountPoint(path)));
  }

  private String mountPoint(Path path) {
    return kernel.mounts().stream()
        .map(mount -> mount.point())
        .filter(point -> path.startsWith(Path.of(point)))
        .reduce("/", (a, b) -> b.length() >= a.length() ? b : a);
  }

  private static long flags(Propagation propagation) {
    long flags =
        switch (propagation) {
          case PRIVATE, RPRIVATE -> Flags.MS_PRIVATE;
          case SLAVE, RSLAVE -> Flags.MS_SLAVE;
          case SHARED, RSHARED -> Flags.MS_SHARED;
          case UNBINDABLE, RUNBINDABLE -> Flags.MS_UNBINDABLE;
        };
    return flags | (propagation.recursive() ? Flags.MS_REC : 0);
  }

  private List<BundleMount> mounts() {
    var files =
        new MountMapping.Files() {
          @Override
          public String absolute(String source) {
            return bundle.directory().resolve(source).toString();
          }

          @Override
          public boolean isFile(String path) {
            var kind = bundle.ground().behind(Path.of(path));
            return kind == Kind.FILE || kind == Kind.OTHER;
          }

          @Override
          public boolean isProc(String path) {
            return bundle.ground().isProc(Path.of(path));
          }
        };
    var mounts = new ArrayList<BundleMount>();
    for (int i = 0; i < config.mounts().size(); i++) {
      var mount = MountMapping.of(config.mounts().get(i), i, files, config.linux().mountLabel());
      check(mount, i);
      mounts.add(mount);
    }
    return mounts;
  }

  private void check(BundleMount mount, int index) {
    if (mount.owners().isPresent() && !mount.isBind()) {
      throw new NotPossibleHere(
          "mounts["
              + index
              + "].uidMappings: only of a bind mount are the owners of files mapped; leave it out");
    }
    if (mount.owners().isPresent() && !kernel.features().machineRoot()) {
      throw new NotPossibleHere(
          "mounts["
              + index
              + "].uidMappings: only root of the machine may map the owners of files; run as root,"
              + " or leave it out");
    }
  }

  private String clocks() {
    var text = new StringBuilder();
    config
        .linux()
        .timeOffsets()
        .forEach(
            (clock, offset) ->
                text.append(clock)
                    .append(' ')
                    .append(offset.secs())
                    .append(' ')
                    .append(offset.nanosecs())
                    .append('\n'));
    return text.toString();
  }

  private List<NetDevice> interfaces() {
    var devices = new ArrayList<NetDevice>();
    config
        .linux()
        .netDevices()
        .forEach(
            (outside, inside) -> {
              var addresses = kernel.addresses(outside);
              if (addresses.isEmpty() || outside.equals("lo")) {
                throw new NotPossibleHere(
                    "linux.netDevices: there is no network device "
                        + outside
                        + " here that could be moved; ip link shows those there are");
              }
              devices.add(new NetDevice(outside, inside, addresses.get()));
            });
    return devices;
  }

  /** Dots and slashes change places, as with sysctl(8): an interface may have a dot in its name. */
  private Map<String, String> sysctls() {
    var written = new LinkedHashMap<String, String>();
    config
        .linux()
        .sysctl()
        .forEach(
            (name, value) -> {
              var path = new StringBuilder();
              name.chars().forEach(c -> path.append((char) (c == '.' ? '/' : c == '/' ? '.' : c)));
              written.put(path.toString(), value);
            });
    return written;
  }

  private GroupRequest limits(GroupMaker manager, Optional<String> groups) {
    var features = kernel.features().controllers();
    var resources = Objects.requireNonNullElse(config.linux().resources(), OciResources.NONE);
    if (manager == GroupMaker.DISABLED) {
      return new GroupRequest(groups, false, List.of(), Optional.empty());
    }
    if (groups.isEmpty()) {
      var writes = ResourceMapping.of(features, resources);
      if (!writes.isEmpty()) {
        throw new NotPossibleHere(
            "linux.resources: setting "
                + writes.getFirst().file()
                + " is not possible for user "
                + kernel.features().uid()
                + ": no control group is delegated to this user; run as root, or leave the limits"
                + " out");
      }
      return new GroupRequest(groups, false, List.of(), Optional.empty());
    }
    var writes = new ArrayList<KernelWrite>(DeviceMapping.writes(features, resources.devices()));
    writes.addAll(ResourceMapping.of(features, resources));
    return new GroupRequest(
        groups,
        config.linux().cgroupsPath() != null,
        writes,
        DeviceMapping.policy(features, resources.devices()));
  }

  /** The hooks. */
  static BundleHooks hooks(OciHooks hooks) {
    var createRuntime = new ArrayList<Hook>();
    hooks.prestart().forEach(hook -> createRuntime.add(hook(hook)));
    hooks.createRuntime().forEach(hook -> createRuntime.add(hook(hook)));
    return new BundleHooks(
        createRuntime,
        list(hooks.createContainer()),
        list(hooks.startContainer()),
        list(hooks.poststart()),
        list(hooks.poststop()));
  }

  private static List<Hook> list(List<OciHooks.Hook> hooks) {
    return hooks.stream().map(SpecMapping::hook).toList();
  }

  private static Hook hook(OciHooks.Hook hook) {
    return new Hook(
        hook.path(),
        hook.args().isEmpty() ? List.of(hook.path()) : hook.args(),
        hook.env(),
        hook.timeout() == null ? 0 : hook.timeout());
  }
}
