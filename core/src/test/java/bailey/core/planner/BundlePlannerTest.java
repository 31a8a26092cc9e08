package bailey.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Flags;
import bailey.core.bundle.BundleHooks;
import bailey.core.bundle.BundleHooks.Hook;
import bailey.core.bundle.BundleMount;
import bailey.core.bundle.BundleMount.Kind;
import bailey.core.bundle.BundleMount.MountAttributes;
import bailey.core.bundle.BundleMount.OwnerMap;
import bailey.core.bundle.BundleRoot;
import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.BundleStart;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.bundle.BundleState;
import bailey.core.bundle.DeviceNode;
import bailey.core.bundle.GroupRequest;
import bailey.core.bundle.IdRange;
import bailey.core.bundle.KernelPathRules;
import bailey.core.bundle.NetDevice;
import bailey.core.bundle.ProcessSpec;
import bailey.core.bundle.ProcessSpec.Capabilities;
import bailey.core.bundle.ProcessSpec.Filter;
import bailey.core.bundle.ProcessSpec.Listener;
import bailey.core.bundle.ProcessSpec.Scheduling;
import bailey.core.bundle.ProcessSpec.SecurityLabel;
import bailey.core.kernel.NetAddress;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.PlanText;
import bailey.core.planner.BundleExecRequest.Affinity;
import bailey.core.planner.BundleRequest.StateText;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.Rlimit;
import bailey.core.subsystem.DevicePolicy;
import bailey.core.subsystem.KernelWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Plans of bundles; the golden ones are approved as a diff, as those of LaunchPlannerTest. */
class BundlePlannerTest {
  private static final BundleState STATE =
      new BundleState("/run/bailey-oci", "/run/bailey-oci/web");
  private static final StateText TOLD =
      new StateText("{\"id\":\"web\",\"status\":\"", "\",\"bundle\":\"/b\",\"pid\":");
  private static final CapabilitySet FEW = CapabilitySet.of(Capability.KILL, Capability.NET_RAW);
  private static final List<Hook> HOOK =
      List.of(new Hook("/usr/bin/hook", List.of("hook", "now"), List.of("A=b"), 5));

  private static final List<NetDevice> DEVICES =
      List.of(new NetDevice("veth7", "eth0", List.of(new NetAddress("0a000002", 24))));

  private static ProcessSpec process(boolean terminal, int uid) {
    return new ProcessSpec(
        List.of("sh"),
        List.of("PATH=/bin:/usr/bin", "HOME=/"),
        "/work",
        terminal,
        Optional.empty(),
        uid,
        uid,
        List.of(),
        0022,
        new Capabilities(FEW, FEW, CapabilitySet.NONE, FEW, FEW),
        true,
        List.of(new Rlimit(Rlimit.Resource.NOFILE, 1024, 1024)),
        OptionalInt.of(100),
        Scheduling.INHERITED,
        OptionalInt.empty(),
        SecurityLabel.NONE,
        Optional.empty());
  }

  private static BundleMount mount(Kind kind, String type, String destination, long set) {
    return new BundleMount(
        kind,
        type,
        kind == Kind.BIND ? "/srv/data" : type,
        destination,
        false,
        new MountAttributes(set, 0, 0, 0),
        List.of(),
        type.equals("tmpfs") ? List.of("mode=755", "size=65536k") : List.of(),
        false,
        Optional.empty());
  }

  private static BundleSpec spec(
      ProcessSpec process, Map<NamespaceKind, NamespaceRequest> more, BundleHooks hooks) {
    var namespaces = new EnumMap<NamespaceKind, NamespaceRequest>(NamespaceKind.class);
    for (var kind :
        List.of(
            NamespaceKind.PID,
            NamespaceKind.MNT,
            NamespaceKind.NET,
            NamespaceKind.UTS,
            NamespaceKind.CGROUP)) {
      namespaces.put(kind, NamespaceRequest.NEW);
    }
    namespaces.putAll(more);
    return new BundleSpec(
        new BundleRoot("/srv/b/rootfs", true, 0, true, Optional.empty()),
        List.of(
            mount(Kind.FILE_SYSTEM, "proc", "/proc", 0),
            mount(Kind.FILE_SYSTEM, "tmpfs", "/dev", Flags.MOUNT_ATTR_NOSUID),
            mount(Kind.CONTROL_GROUPS, "cgroup", "/sys/fs/cgroup", Flags.MOUNT_ATTR_RDONLY),
            mount(Kind.BIND, "", "/data", Flags.MOUNT_ATTR_RDONLY)),
        List.of(new DeviceNode("/dev/fuse", 'c', 10, 229, 0666, 0, 0)),
        new KernelPathRules(List.of("/proc/kcore"), List.of("/proc/sys")),
        namespaces,
        List.of(new IdRange(0, 100_000, 65536)),
        List.of(new IdRange(0, 100_000, 65536)),
        namespaces.containsKey(NamespaceKind.TIME) ? "monotonic 5 0\n" : "",
        namespaces.get(NamespaceKind.NET) instanceof NamespaceRequest.Joined ? DEVICES : List.of(),
        Optional.of("web"),
        Optional.empty(),
        Map.of("net/ipv4/ip_forward", "1"),
        new GroupRequest(
            Optional.of("/pods/web"),
            true,
            List.of(new KernelWrite("memory", "memory.max", "1048576")),
            Optional.of(DevicePolicy.DENY_ALL)),
        hooks,
        process);
  }

  private static BundleRequest request(BundleSpec spec, BundleStart start) {
    return new BundleRequest("web", spec, start, STATE, "{}", "{}", TOLD);
  }

  private static BundleStart start(Attachment attachment, Optional<String> console) {
    return new BundleStart(
        attachment, Optional.of("/run/web.pid"), console, Optional.empty(), 2, true);
  }

  private static void golden(String name, Plan plan) throws IOException {
    var file = Path.of("src/test/resources/golden", name + ".txt");
    String text = PlanText.print(plan, 90);
    if (System.getProperty("bailey.golden", "").equals("write")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
    assertThat(PlanCodec.encode(plan, 1).bytes()).isNotEmpty();
  }

  @Test
  void createdWithHooksOnHybrid() throws IOException {
    var hooks = new BundleHooks(HOOK, HOOK, HOOK, HOOK, HOOK);
    golden(
        "oci-create-hybrid",
        new BundlePlanner(Machine.HYBRID.features())
            .plan(
                request(
                    spec(process(true, 1000), Map.of(), hooks),
                    start(Attachment.CREATED, Optional.of("/tmp/console.sock")))));
  }

  @Test
  void runInTheForegroundOnV2() throws IOException {
    golden(
        "oci-run-v2",
        new BundlePlanner(Machine.UNIFIED.features())
            .plan(
                request(
                    spec(process(true, 0), Map.of(), BundleHooks.NONE),
                    start(Attachment.FOREGROUND, Optional.empty()))));
  }

  @Test
  void namespacesOfOthersAndUsersOfItsOwn() throws IOException {
    golden(
        "oci-joined",
        new BundlePlanner(Machine.UNIFIED.features())
            .plan(
                request(
                    spec(
                        process(false, 0),
                        Map.of(
                            NamespaceKind.NET,
                            new NamespaceRequest.Joined("/run/netns/web"),
                            NamespaceKind.TIME,
                            NamespaceRequest.NEW,
                            NamespaceKind.USER,
                            NamespaceRequest.NEW),
                        BundleHooks.NONE),
                    start(Attachment.DETACHED, Optional.empty()))));
  }

  @Test
  void aFurtherProcess() throws IOException {
    golden(
        "oci-exec",
        new BundleExecPlanner(Machine.HYBRID.features())
            .plan(
                new BundleExecRequest(
                    "web",
                    process(true, 1000),
                    start(Attachment.DETACHED, Optional.of("/tmp/console.sock")),
                    Affinity.NONE,
                    4711,
                    Map.of(NamespaceKind.MNT, 4026532004L, NamespaceKind.PID, 4026532002L),
                    List.of("/sys/fs/cgroup/unified/pods/web", "/sys/fs/cgroup/memory/pods/web"),
                    true,
                    TOLD)));
  }

  /** Who is asked about its calls gets its filter's descriptor; it begins on other CPUs. */
  @Test
  void aFurtherProcessThatSomebodyIsAskedAbout() throws IOException {
    var plain = process(false, 1000);
    var asked =
        new ProcessSpec(
            plain.arguments(),
            plain.environment(),
            plain.directory(),
            false,
            plain.size(),
            plain.uid(),
            plain.gid(),
            plain.groups(),
            plain.umask(),
            plain.capabilities(),
            plain.noNewPrivileges(),
            plain.rlimits(),
            plain.oomScore(),
            plain.scheduling(),
            plain.personality(),
            plain.label(),
            Optional.of(
                new Filter(new byte[8], 8, Optional.of(new Listener("/run/agent", "\"m\"")))));
    golden(
        "oci-exec-listener",
        new BundleExecPlanner(Machine.UNIFIED.features())
            .plan(
                new BundleExecRequest(
                    "web",
                    asked,
                    start(Attachment.DETACHED, Optional.empty()),
                    new Affinity(Optional.of("0-1,3"), Optional.of("2")),
                    4711,
                    Map.of(NamespaceKind.MNT, 4026532004L, NamespaceKind.PID, 4026532002L),
                    List.of("/sys/fs/cgroup/pods/web"),
                    true,
                    TOLD)));
  }

  @Test
  void startAndDelete() throws IOException {
    var planner = new BundleStepsPlanner(Machine.HYBRID.features());
    var groups = List.of("/sys/fs/cgroup/unified/pods/web");
    var hooks = new BundleHooks(HOOK, HOOK, HOOK, HOOK, HOOK);
    golden("oci-start", planner.start("web", STATE, "sh", 4711, groups, hooks, TOLD));
    golden("oci-delete", planner.delete("web", STATE, true, groups, HOOK, TOLD));
  }

  /** The one that maps owners is opened by who starts it; memory is filled before it is covered. */
  @Test
  void mountsThatTakeMoreThanOneStep() {
    var owners =
        new OwnerMap(List.of(new IdRange(0, 5000, 9)), List.of(new IdRange(0, 6000, 9)), false);
    var spec =
        new BundleSpec(
            new BundleRoot("/srv/b/rootfs", false, 0, true, Optional.empty()),
            List.of(
                new BundleMount(
                    Kind.BIND,
                    "",
                    "/srv/data",
                    "/data",
                    false,
                    MountAttributes.NONE,
                    List.of(),
                    List.of(),
                    false,
                    Optional.of(owners)),
                new BundleMount(
                    Kind.FILE_SYSTEM,
                    "tmpfs",
                    "tmpfs",
                    "/etc",
                    false,
                    new MountAttributes(Flags.MOUNT_ATTR_RDONLY, 0, 0, 0),
                    List.of(),
                    List.of("ro"),
                    true,
                    Optional.empty())),
            List.of(),
            new KernelPathRules(List.of(), List.of()),
            Map.of(NamespaceKind.MNT, NamespaceRequest.NEW),
            List.of(),
            List.of(),
            "",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            new GroupRequest(Optional.empty(), false, List.of(), Optional.empty()),
            BundleHooks.NONE,
            process(false, 0));
    var steps =
        new BundlePlanner(Machine.UNIFIED.features())
            .plan(request(spec, start(Attachment.DETACHED, Optional.empty()))).flattened().stream()
                .map(PlanText::text)
                .toList();
    assertThat(steps)
        .containsSubsequence(
            "recvmsg($far socket, message with 1 descriptors, 0x40000000)",
            "copy all in $place to $tree",
            "mount_setattr($tree, \"\", AT_EMPTY_PATH, attributes, 32)");
    assertThat(steps)
        .containsSubsequence(
            "$tree of the machine = open_tree(AT_FDCWD, \"/srv/data\","
                + " OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)",
            "write($map, \"0 5000 9\", 8)",
            "write($map, \"0 6000 9\", 8)",
            "mount_setattr($tree of the machine, \"\", AT_EMPTY_PATH, attributes, 32)",
            "sendmsg($near socket, message with 1 descriptors, 0x4000) or EPIPE|ECONNRESET",
            "close($tree of the machine)");
  }

  /** Who is killed before he has written down which process it is leaves nothing. */
  @Test
  void whatNoGroupLeadsToWaitsUntilItIsRecorded() {
    var asked = spec(process(false, 0), Map.of(), BundleHooks.NONE);
    var none = new GroupRequest(Optional.empty(), false, List.of(), Optional.empty());
    var spec =
        new BundleSpec(
            asked.root(),
            List.of(),
            asked.devices(),
            asked.paths(),
            asked.namespaces(),
            asked.users(),
            asked.groups(),
            asked.clocks(),
            asked.interfaces(),
            asked.hostname(),
            asked.domainname(),
            asked.sysctls(),
            none,
            asked.hooks(),
            asked.process());
    var steps =
        new BundlePlanner(Machine.HYBRID.features())
            .plan(request(spec, start(Attachment.CREATED, Optional.empty()))).flattened().stream()
                .map(step -> step.note().what())
                .toList();
    assertThat(steps)
        .containsSubsequence(
            "telling that it is ready",
            "waiting until it is recorded",
            "waiting for start",
            "reading the stat of the process",
            "waiting until it is ready",
            "letting it go on");
  }

  /** What it would inherit is of the machine: no descriptor stays but those it is to have. */
  @Test
  void whatIsOpenIsClosedBeforeTheDirectoryIsEntered() {
    var steps =
        new BundlePlanner(Machine.HYBRID.features())
                .plan(
                    request(
                        spec(process(false, 0), Map.of(), BundleHooks.NONE),
                        start(Attachment.CREATED, Optional.empty())))
                .flattened()
                .stream()
                .map(PlanText::text)
                .toList();
    int closed = steps.indexOf("close_range(10, -1, 0)");
    assertThat(closed).isPositive();
    assertThat(steps.subList(closed, steps.size()))
        .anyMatch(step -> step.startsWith("$directory = openat2(AT_FDCWD, \"/work\""));
    assertThat(steps.subList(0, closed))
        .noneMatch(step -> step.contains("openat2(AT_FDCWD, \"/work\""));
  }
}
