package bailey.core.kept;

import bailey.core.abi.KernelText;
import bailey.core.kept.Particulars.Naming;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A plan with places for what differs from call to call. The places are found by planning again
 * with other particulars: where these plans differ in anything but whole particulars, and sums of
 * records that have them, there is no template. So the planner need not know of it.
 */
public final class Template {
  /** What goes to a place, by its number in kept.h. */
  enum What {
    /** The last word of the call. */
    NAME(0),
    /** Now, as {@link Particulars#time}. */
    TIME(1),
    /** Now, as {@link Particulars#stamp}. */
    STAMP(2),
    /** A new one. */
    INVENTED_NAME(3),
    /** The sum in the {@link EndMark} of a record. */
    SUM(4);

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
   * @param from of a sum: where the record begins
   */
  record Slot(int at, What what, int from) {}

  /** Sums last: they are of what is in the other places. */
  private static final Comparator<Slot> ORDER =
      Comparator.comparing(Slot::what).thenComparingInt(Slot::at);

  private final byte[] plan;
  private final List<Slot> slots;
  private final Naming naming;

  private Template(byte[] plan, List<Slot> slots, Naming naming) {
    this.plan = plan;
    this.slots = slots.stream().distinct().sorted(ORDER).toList();
    this.naming = naming;
  }

  /** With no places: the plan of a call with the very same arguments. */
  public static Template exact(Plan plan) {
    return new Template(PlanCodec.encode(plan, 1).bytes(), List.of(), Naming.FIXED);
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
        findNames(slots, plan, particulars, planner)
            && find(
                slots,
                particulars.isStamped() ? What.STAMP : What.TIME,
                plan,
                encoded(planner, particulars.otherTime()),
                KernelText.encode(particulars.time()),
                KernelText.encode(particulars.otherTime().time()));
    return found ? Optional.of(new Template(plan, slots, particulars.naming())) : Optional.empty();
  }

  private static boolean findNames(
      List<Slot> slots, byte[] plan, Particulars particulars, Function<Particulars, Plan> planner) {
    var other = particulars.otherName();
    return particulars.naming() == Naming.FIXED
        || find(
            slots,
            particulars.naming() == Naming.INVENTED ? What.INVENTED_NAME : What.NAME,
            plan,
            encoded(planner, other),
            KernelText.encode(particulars.name()),
            KernelText.encode(other.name()));
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
      int sum = EndMark.around(plan, at + different);
      if (sum >= at && sum == EndMark.around(other, at + different)) {
        slots.add(new Slot(sum, What.SUM, EndMark.from(plan, sum)));
        at = sum + EndMark.DIGITS;
        continue;
      }
      int start = at + different - first;
      int end = start + text.length;
      if (start < at
          || end > plan.length
          || !Arrays.equals(plan, start, end, text, 0, text.length)
          || !Arrays.equals(other, start, end, otherText, 0, text.length)) {
        return false;
      }
      slots.add(new Slot(start, what, 0));
      at = end;
    }
    return true;
  }

  Naming naming() {
    return naming;
  }

  byte[] plan() {
    return plan;
  }

  List<Slot> slots() {
    return slots;
  }
}
