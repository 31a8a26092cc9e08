package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.KernelFile;
import java.util.ArrayList;
import java.util.List;

/**
 * A raw write that the kernel refuses. The ranges of control files rest on these: a format refuses
 * just what the kernel would.
 *
 * @param version where
 * @param file of the kernel
 * @param text what is written
 * @param errno the answer
 */
record RefusedWrite(CgroupVersion version, KernelFile file, String text, Errno errno) {

  static List<RefusedWrite> all() {
    var list = new ArrayList<RefusedWrite>();
    add(
        list,
        CgroupVersion.V1,
        "memory",
        "memory.limit_in_bytes",
        Errno.EINVAL,
        "max",
        "x",
        "1.5G");
    add(
        list,
        CgroupVersion.V1,
        "cpu",
        "cpu.cfs_quota_us",
        Errno.EINVAL,
        "999",
        "0",
        "17592186044416");
    add(list, CgroupVersion.V1, "cpu", "cpu.cfs_period_us", Errno.EINVAL, "999", "1000001");
    add(list, CgroupVersion.V1, "cpuset", "cpuset.cpus", Errno.ERANGE, "9999");
    add(list, CgroupVersion.V1, "cpuset", "cpuset.cpus", Errno.EINVAL, "1-0", "x");
    add(list, CgroupVersion.V1, "freezer", "freezer.state", Errno.EINVAL, "FREEZING", "frozen");
    add(list, CgroupVersion.V1, "blkio", "blkio.bfq.weight", Errno.ERANGE, "0", "1001");
    add(
        list,
        CgroupVersion.V1,
        "blkio",
        "blkio.throttle.read_bps_device",
        Errno.ENODEV,
        "4095:1048575 1");
    add(list, CgroupVersion.V1, "devices", "devices.allow", Errno.EINVAL, "x", "c 1:3", "c 1:3 q");
    add(list, CgroupVersion.V1, "pids", "pids.max", Errno.EINVAL, "4194305", "-1", "x");
    add(list, CgroupVersion.V2, "memory", "memory.max", Errno.EINVAL, "-1", "x", "1.5G");
    add(list, CgroupVersion.V2, "cpu", "cpu.weight", Errno.ERANGE, "0", "10001");
    add(list, CgroupVersion.V2, "cpu", "cpu.max", Errno.EINVAL, "999", "0", "17592186044416");
    add(list, CgroupVersion.V2, "cpu", "cpu.max", Errno.EINVAL, "1000 999", "1000 1000001", "x");
    add(list, CgroupVersion.V2, "cpuset", "cpuset.cpus", Errno.ERANGE, "9999");
    add(list, CgroupVersion.V2, "io", "io.weight", Errno.EINVAL, "0", "10001");
    add(list, CgroupVersion.V2, "io", "io.max", Errno.ENODEV, "4095:1048575 rbps=2");
    add(list, CgroupVersion.V2, "pids", "pids.max", Errno.EINVAL, "4194305", "-1", "x");
    add(list, CgroupVersion.V2, "hugetlb", "hugetlb.2MB.max", Errno.EINVAL, "x", "-1");
    add(list, CgroupVersion.V2, CgroupFiles.CORE, "cgroup.freeze", Errno.ERANGE, "2");
    add(list, CgroupVersion.V2, CgroupFiles.CORE, "cgroup.freeze", Errno.EINVAL, "x");
    add(
        list,
        CgroupVersion.V2,
        CgroupFiles.CORE,
        "cgroup.subtree_control",
        Errno.EINVAL,
        "memory",
        "+x");
    return list;
  }

  private static void add(
      List<RefusedWrite> list,
      CgroupVersion version,
      String controller,
      String file,
      Errno errno,
      String... texts) {
    for (var text : texts) {
      list.add(new RefusedWrite(version, new KernelFile(controller, file), text, errno));
    }
  }
}
