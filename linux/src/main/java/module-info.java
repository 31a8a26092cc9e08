/** The Linux kernel behind the ports of bailey.core: the only module with native access. */
module bailey.linux {
  requires static transitive org.jspecify;
  requires transitive bailey.core;

  exports bailey.linux.cgroup;

  provides bailey.core.kernel.Kernel with
      bailey.linux.LinuxKernel;
  provides bailey.core.kernel.FileServing with
      bailey.linux.fuse.LinuxFileServing;
  provides bailey.core.kernel.Callers with
      bailey.linux.LinuxCallers;
}
