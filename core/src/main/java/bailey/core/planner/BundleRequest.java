package bailey.core.planner;

import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.BundleStart;
import bailey.core.bundle.BundleState;

/**
 * All that the start of a bundle's container needs to know besides the kernel.
 *
 * @param id its name
 * @param spec what it is to be
 * @param start how it is started
 * @param state where it is recorded
 * @param config the text of its configuration, kept for what is done with it later
 * @param record what else has to be known later
 * @param told its state as hooks are told it
 */
public record BundleRequest(
    String id,
    BundleSpec spec,
    BundleStart start,
    BundleState state,
    String config,
    String record,
    StateText told) {
  /**
   * A container's state as JSON, of which the number of its process is not known yet.
   *
   * @param head up to its status
   * @param rest from there to the number, with which it ends
   */
  public record StateText(String head, String rest) {
    /** The text up to the number. */
    String of(String status) {
      return head + status + rest;
    }
  }
}
