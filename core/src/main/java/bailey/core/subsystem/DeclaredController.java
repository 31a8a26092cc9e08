package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A controller that is a table: for each control file, how it is had on v1 and on v2. */
abstract class DeclaredController implements Controller {
  private final String name;
  private final String v1Controller;
  private final String v2Controller;
  private final List<ControlFile> controlFiles;
  private final Map<String, FileDriver> v1;
  private final Map<String, FileDriver> v2;

  /**
   * A controller.
   *
   * @param v1Controller the kernel's name for it on v1
   * @param v2Controller the kernel's name for it on v2
   */
  DeclaredController(String name, String v1Controller, String v2Controller, List<Entry> entries) {
    this.name = name;
    this.v1Controller = v1Controller;
    this.v2Controller = v2Controller;
    this.controlFiles = entries.stream().map(Entry::file).toList();
    this.v1 = new LinkedHashMap<>();
    this.v2 = new LinkedHashMap<>();
    for (var entry : entries) {
      v1.put(entry.file.name(), entry.v1);
      v2.put(entry.file.name(), entry.v2);
    }
  }

  /** A control file and how it is had on each version. */
  record Entry(ControlFile file, FileDriver v1, FileDriver v2) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public String kernelController(CgroupVersion version) {
    return version == CgroupVersion.V1 ? v1Controller : v2Controller;
  }

  @Override
  public List<ControlFile> controlFiles() {
    return controlFiles;
  }

  @Override
  public Reading reading(CgroupFeatures features, ControlFile file) {
    var driver = driver(features, file);
    if (!file.external().readable()) {
      throw new BadRequest(file.name() + ": this control can only be written, not read");
    }
    return Reading.of(
        kernelController(versionOf(features, file)),
        driver.files(),
        driver.plain(),
        driver.meaning());
  }

  @Override
  public Change change(
      CgroupFeatures features, Map<String, String> values, Map<KernelFile, String> before) {
    var canonical = canonical(features, values);
    return new Change(canonical, writes(features, canonical, before));
  }

  /** The values as they will be read, in the order in which this controller declares its files. */
  private Map<String, String> canonical(CgroupFeatures features, Map<String, String> values) {
    for (var asked : values.keySet()) {
      if (controlFile(asked).isEmpty()) {
        throw new IllegalArgumentException(asked + ": no control of the subsystem " + name);
      }
    }
    var canonical = new LinkedHashMap<String, String>();
    for (var file : controlFiles) {
      var asked = values.get(file.name());
      if (asked != null) {
        if (!file.external().writable()) {
          throw new BadRequest(file.name() + ": this control only reports, it cannot be set");
        }
        driver(features, file);
        canonical.put(file.name(), granted(features, file, file.canonical(asked)));
      }
    }
    return canonical;
  }

  /**
   * What the kernel will make of a canonical value: memory limits are rounded to pages. Refuses
   * what makes no sense on this kernel.
   */
  String granted(CgroupFeatures features, ControlFile file, String canonical) {
    return canonical;
  }

  /** The writes for canonical values; by default file by file in the order of declaration. */
  List<KernelWrite> writes(
      CgroupFeatures features, Map<String, String> canonical, Map<KernelFile, String> before) {
    var writes = new ArrayList<KernelWrite>();
    canonical.forEach((file, value) -> writes.addAll(writes(features, file, value)));
    return writes;
  }

  /** The writes for one canonical value. */
  final List<KernelWrite> writes(CgroupFeatures features, String file, String value) {
    var declared = controlFile(file).orElseThrow();
    return driver(features, declared)
        .writer()
        .writes(kernelController(versionOf(features, declared)), value);
  }

  /** On which interface this kernel has the controller. */
  final CgroupVersion versionOf(CgroupFeatures features, ControlFile file) {
    return version(features)
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    file.name()
                        + ": this kernel has no "
                        + name
                        + " controller to be used here; mount it, or boot without"
                        + " cgroup_disable="
                        + kernelController(CgroupVersion.V2)));
  }

  /** How a control file is had on that version on this kernel. */
  FileDriver driver(CgroupFeatures features, CgroupVersion version, ControlFile file) {
    var driver = (version == CgroupVersion.V1 ? v1 : v2).get(file.name());
    if (driver == null) {
      throw new IllegalArgumentException(file.name() + ": no control of the subsystem " + name);
    }
    return driver;
  }

  private FileDriver.Present driver(CgroupFeatures features, ControlFile file) {
    var version = versionOf(features, file);
    return switch (driver(features, version, file)) {
      case FileDriver.Present present -> checked(features, file, version, present);
      case FileDriver.Absent(var why, var instead) ->
          throw new NotPossibleHere(file.name() + ": " + why + "; " + instead);
    };
  }

  private FileDriver.Present checked(
      CgroupFeatures features,
      ControlFile file,
      CgroupVersion version,
      FileDriver.Present present) {
    for (var needed : present.files()) {
      if (!features.mayHave(new KernelFile(kernelController(version), needed))) {
        throw new NotPossibleHere(
            file.name()
                + ": this kernel's cgroup "
                + (version == CgroupVersion.V1 ? "v1" : "v2")
                + " has no file "
                + needed
                + (present.since().isEmpty() ? "" : "; it is there " + present.since()));
      }
    }
    return present;
  }
}
