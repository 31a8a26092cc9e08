package bailey.core.subsystem;

import bailey.core.kernel.CgroupFiles;

/** The kernel's files of one group. */
interface GroupFiles {
  /**
   * The text of one, with its last line end.
   *
   * @throws CgroupFiles.Refused by the kernel
   */
  String read(KernelFile file);

  /**
   * Writes to one.
   *
   * @throws CgroupFiles.Refused by the kernel
   */
  void write(KernelWrite write);
}
