package bailey.core.subsystem;

import bailey.core.abi.Errno;
import bailey.core.container.Access;
import bailey.core.container.ControlFile;
import bailey.core.container.Report;
import bailey.core.container.Unit;
import bailey.core.container.ValueFormat;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which devices may be opened and made. On v1 the kernel keeps the rules; on v2 they are a BPF
 * program that is attached to the group's directory, made from a {@link DevicePolicy}: there is no
 * file to write, so {@link #change(CgroupFeatures, Map, Map)} refuses there, and whoever attaches
 * the program keeps the policy that {@code devices.list} shows.
 *
 * @see <a
 *     href="https://docs.kernel.org/admin-guide/cgroup-v1/devices.html">cgroup-v1/devices.rst</a>
 * @see <a
 *     href="https://docs.kernel.org/admin-guide/cgroup-v2.html#device-controller">cgroup-v2.rst,
 *     Device controller</a>
 */
public final class DevicesSubsystem extends DeclaredController {
  /** The control file whose rules are added to what may be used. */
  public static final String ALLOW = "devices.allow";

  /** The control file whose rules are taken from what may be used. */
  public static final String DENY = "devices.deny";

  private static final FileDriver PROGRAM =
      new FileDriver.Absent(
          "cgroup v2 has no files for device rules, they are a program of the group",
          "give them when the container is made");

  /** The one instance that is needed. */
  public DevicesSubsystem() {
    super("devices", "devices", Controller.CORE, entries());
  }

  private static List<Entry> entries() {
    return List.of(
        change(ALLOW, "devices that may be used from now on, one rule a line"),
        change(DENY, "devices that may not be used from now on, one rule a line"),
        new Entry(
            ControlFile.figure(
                "devices.list", Unit.TEXT, Report.LINE, "devices that may be used, a rule a line"),
            FileDriver.same("devices.list"),
            PROGRAM));
  }

  private static Entry change(String name, String description) {
    return new Entry(
        new ControlFile(
            name, new Rules(), Unit.TEXT, Access.WRITE, Access.NONE, false, description),
        new FileDriver.Present(
            List.of(name),
            "",
            _ -> "",
            (controller, value) ->
                value.lines().map(line -> new KernelWrite(controller, name, line)).toList()),
        PROGRAM);
  }

  /**
   * The rules in a value of {@link #ALLOW} or {@link #DENY}.
   *
   * @throws BadRequest naming {@code control}, the rule and an example
   */
  public static List<DeviceRule> rules(String control, String value) {
    return List.of(value.split("\n", -1)).stream()
        .map(line -> DeviceRule.parse(control, line))
        .toList();
  }

  /** v1 where it is there: its rules need no program. */
  @Override
  public Optional<CgroupVersion> version(CgroupFeatures features) {
    var v1 = features.version(kernelController(CgroupVersion.V1));
    return v1.isPresent() ? v1 : features.version(Controller.CORE);
  }

  private record Rules() implements ValueFormat {
    @Override
    public String canonical(String control, String text) {
      return String.join("\n", rules(control, text).stream().map(DeviceRule::toString).toList());
    }

    @Override
    public String help() {
      return DeviceRule.HELP;
    }
  }

  @Override
  public Optional<String> remedy(String kernelFile, Errno errno) {
    return switch (errno) {
      case EPERM -> Optional.of("The parent has to allow the device: add it there first.");
      case EINVAL ->
          Optional.of(
              "All devices can be allowed or denied only while there is no container in it.");
      default -> super.remedy(kernelFile, errno);
    };
  }
}
