package bailey.core.kept;

import bailey.core.abi.KernelText;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A plan with places for what differs from call to call. The places are found by planning again
 * with other particulars: where these plans differ in anything but whole particulars there is no
 * template. So the planner need not know of it.
 */
public final class Template {
  /** What goes to a place, by its number in kept.h. */
  enum What {
    NAME(0),
    TIME(1);

    private final int code;

    What(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /**
   * A place.
   *
   * @param at offset in the plan's bytes
   */
  record Slot(int at, What what) {}

  private final byte[] plan;
  private final List<Slot> slots;
  private final boolean exact;

  private Template(byte[] plan, List<Slot> slots, boolean exact) {
    this.plan = plan;
    this.slots = List.copyOf(slots);
    this.exact = exact;
  }

  /** With no places: the plan of a call with the very same arguments. */
  public static Template exact(Plan plan) {
    return new Template(PlanCodec.encode(plan, 1).bytes(), List.of(), true);
  }

  /**
   * Of a planner.
   *
   * @param planner makes the same plan each time, but for the particulars
   * @return empty where the plans differ in more than these
   */
  public static Optional<Template> of(
      Particulars particulars, Function<Particulars, Plan> planner) {
    byte[] plan = encoded(planner, particulars);
    var slots = new ArrayList<Slot>();
    boolean found =
        find(
                slots,
                What.NAME,
                plan,
                encoded(planner, particulars.otherName()),
                KernelText.encode(particulars.name()),
                KernelText.encode(particulars.otherName().name()))
            && find(
                slots,
                What.TIME,
                plan,
                encoded(planner, particulars.otherTime()),
                KernelText.encode(particulars.time()),
                KernelText.encode(particulars.otherTime().time()));
    return found ? Optional.of(new Template(plan, slots, false)) : Optional.empty();
  }

  private static byte[] encoded(Function<Particulars, Plan> planner, Particulars particulars) {
    return PlanCodec.encode(planner.apply(particulars), 1).bytes();
  }

  private static boolean find(
      List<Slot> slots, What what, byte[] plan, byte[] other, byte[] text, byte[] otherText) {
    int first = Arrays.mismatch(text, otherText);
    if (first < 0 || plan.length != other.length) {
      return false;
    }
    int at = 0;
    while (at < plan.length) {
      int different = Arrays.mismatch(plan, at, plan.length, other, at, other.length);
      if (different < 0) {
        return true;
      }
      int start = at + different - first;
      int end = start + text.length;
      if (start < at
          || end > plan.length
          || !Arrays.equals(plan, start, end, text, 0, text.length)
          || !Arrays.equals(other, start, end, otherText, 0, text.length)) {
        return false;
      }
      slots.add(new Slot(start, what));
      at = end;
    }
    return true;
  }

  boolean isExact() {
    return exact;
  }

  byte[] plan() {
    return plan;
  }

  List<Slot> slots() {
    return slots;
  }
}
