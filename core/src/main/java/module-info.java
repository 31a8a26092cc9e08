/**
 * The model of bailey: containers, plans and planners as pure values. No input, output or native
 * access.
 */
module bailey.core {
  requires static transitive org.jspecify;

  exports bailey.core.abi;
  exports bailey.core.bpf;
  exports bailey.core.bundle;
  exports bailey.core.container;
  exports bailey.core.error;
  exports bailey.core.isolation;
  exports bailey.core.kept;
  exports bailey.core.kernel;
  exports bailey.core.plan;
  exports bailey.core.planner;
  exports bailey.core.seccomp;
  exports bailey.core.spec;
  exports bailey.core.state;
  exports bailey.core.subsystem;

  uses bailey.core.container.Subsystem;

  provides bailey.core.container.Subsystem with
      bailey.core.subsystem.MemorySubsystem,
      bailey.core.subsystem.CpuSubsystem,
      bailey.core.subsystem.CpusetSubsystem,
      bailey.core.subsystem.MemsetSubsystem,
      bailey.core.subsystem.CpuacctSubsystem,
      bailey.core.subsystem.PidsSubsystem,
      bailey.core.subsystem.IoSubsystem,
      bailey.core.subsystem.DevicesSubsystem,
      bailey.core.subsystem.FreezerSubsystem,
      bailey.core.subsystem.HugetlbSubsystem,
      bailey.core.subsystem.PidNamespace,
      bailey.core.subsystem.MountNamespace,
      bailey.core.subsystem.UtsNamespace,
      bailey.core.subsystem.IpcNamespace,
      bailey.core.subsystem.NetNamespace,
      bailey.core.subsystem.UserNamespace,
      bailey.core.subsystem.CgroupNamespace,
      bailey.core.subsystem.TimeNamespace;
}
