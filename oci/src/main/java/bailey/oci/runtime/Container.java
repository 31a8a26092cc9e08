package bailey.oci.runtime;

import bailey.core.bundle.BundleState;
import bailey.core.error.StateDamaged;
import bailey.core.kept.Fact;
import bailey.core.kept.Fact.Kind;
import bailey.core.kernel.TaskInfo;
import java.util.Optional;

/**
 * A container, as it was when it was looked at.
 *
 * @param id its name
 * @param state its files
 * @param record what is known of it; empty where it is just being made, or that was cut short
 * @param process its first process, where that lives
 * @param made whether it ever had one
 * @param waits whether that has not been told to execute its program
 * @param ground what was seen of its files
 */
record Container(
    String id,
    BundleState state,
    Optional<ContainerRecord> record,
    Optional<TaskInfo> process,
    boolean made,
    boolean waits,
    ContainerGround ground) {
  /** What is known of it, which has to be there. */
  ContainerRecord need() {
    return record.orElseThrow(
        () ->
            new StateDamaged(
                "container "
                    + id
                    + ": its creation was cut short; delete --force removes what is left of it"));
  }

  /** Whether its process waits to be told to execute its program: then a fifo is there. */
  Fact place() {
    return new Fact.Place(state.file(BundleState.START), waits ? Kind.OTHER : Kind.ABSENT, true);
  }
}
