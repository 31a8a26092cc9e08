package bailey.oci.runtime;

import bailey.core.abi.Arch;
import bailey.core.bundle.ProcessSpec.Filter;
import bailey.core.error.NotPossibleHere;
import bailey.oci.config.OciSeccomp;

/** A system call filter as a configuration has it, assembled. */
final class SeccompMapping {
  private SeccompMapping() {}

  static Filter of(Arch arch, OciSeccomp seccomp) {
    throw new NotPossibleHere(
        "linux.seccomp: filters with "
            + seccomp.defaultAction()
            + " are not assembled for "
            + arch
            + "; leave it out");
  }
}
