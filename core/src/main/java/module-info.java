/**
 * The model of bailey: containers, plans and planners as pure values. No input, output or native
 * access.
 */
module bailey.core {
  requires static transitive org.jspecify;

  exports bailey.core.abi;
  exports bailey.core.bpf;
  exports bailey.core.container;
  exports bailey.core.error;
  exports bailey.core.kernel;
  exports bailey.core.plan;
  exports bailey.core.planner;
  exports bailey.core.seccomp;
  exports bailey.core.spec;
  exports bailey.core.state;
  exports bailey.core.subsystem;
}
