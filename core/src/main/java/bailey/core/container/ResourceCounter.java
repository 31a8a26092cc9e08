package bailey.core.container;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * How much of a resource is used in a container and below it, and how much may be (the kernel's
 * res_counter of 2008, since 2014 struct page_counter).
 *
 * <p>It has two limits, of which the lower one holds: the external one is set by the parent, the
 * internal one by those inside. What is charged here is charged to all above; where one of them has
 * no room, what was charged below it is given back and the charge fails as a whole.
 *
 * <p><b>What is stored is not what is used but what is free</b>, the limit less the use. So a
 * charge is one compare-and-set of one word in each counter, and lowering a limit is one of the
 * same word: they need no lock, and no order of the two, for the use never to be above the limit,
 * not even for a moment. (page_counter_try_charge() adds first and looks then, and
 * page_counter_set_max() has to look twice.) A charge goes on where others keep coming in between:
 * one of them got through.
 *
 * <p>A charge over several counters is not one step. It may be refused because of another one that
 * has charged the lower counters and is then refused above: as in the kernel, which calls that
 * acceptable. It is never granted beyond a limit.
 *
 * <p>Any thread may call any method. It has 40 bytes on a JVM with compressed references.
 */
public sealed class ResourceCounter implements State permits TaskCounter {
  /** The limit of one that has none; also the most that can ever be charged. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  private static final VarHandle FREE;

  static {
    try {
      FREE = MethodHandles.lookup().findVarHandle(ResourceCounter.class, "free", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable ResourceCounter parent;

  /** What may still be charged here; negative where {@link #force} or {@link #impose} was used. */
  private volatile long free = NO_LIMIT;

  /** Changed under this object's lock, together with {@link #free}. */
  private long external = NO_LIMIT;

  /** As {@link #external}. */
  private long internal = NO_LIMIT;

  /** Nothing used, no limit, below {@code parent}. */
  public ResourceCounter(@Nullable ResourceCounter parent) {
    this.parent = parent;
  }

  /**
   * Charges here and in all above, or nowhere. Whoever is given it gives it back by {@link
   * #uncharge} to this counter, whatever has become of the task or the container by then.
   *
   * @param amount from 0
   * @return null if it was charged, else the counter that has no room for it
   */
  public @Nullable ResourceCounter charge(long amount) {
    return charge(amount, null);
  }

  /** As {@link #charge(long)}, in those below {@code end} only. */
  final @Nullable ResourceCounter charge(long amount, @Nullable ResourceCounter end) {
    check(amount);
    for (var at = this; at != end && at != null; at = at.parent) {
      if (!at.take(amount)) {
        add(amount, at);
        return at;
      }
    }
    return null;
  }

  private boolean take(long amount) {
    long seen = free;
    while (seen >= amount) {
      long found = (long) FREE.compareAndExchange(this, seen, seen - amount);
      if (found == seen) {
        return true;
      }
      seen = found;
    }
    return false;
  }

  /**
   * Charges here and in all above whatever the limits (page_counter_charge()): where the thing is
   * used already, such as by a task that is moved.
   */
  public final void force(long amount) {
    force(amount, null);
  }

  /** As {@link #force(long)}, in those below {@code end} only. */
  public final void force(long amount, @Nullable ResourceCounter end) {
    check(amount);
    add(-amount, end);
  }

  /**
   * Gives back what was charged to this counter.
   *
   * @throws IllegalStateException where that is more than is in use here, as far as it can be told
   *     while others charge; then nothing was given back
   */
  public final void uncharge(long amount) {
    uncharge(amount, null);
  }

  /** As {@link #uncharge(long)}, in those below {@code end} only. */
  public final void uncharge(long amount, @Nullable ResourceCounter end) {
    check(amount);
    if (estimate() < amount && used() < amount) {
      throw new IllegalStateException(amount + " is given back where " + used() + " is in use");
    }
    add(amount, end);
  }

  private void add(long amount, @Nullable ResourceCounter end) {
    for (var at = this; at != end && at != null; at = at.parent) {
      FREE.getAndAdd(at, amount);
    }
  }

  private static void check(long amount) {
    if (amount < 0) {
      throw new IllegalArgumentException("nobody uses " + amount);
    }
  }

  /** What is in use here and below: charged and not given back. */
  public final synchronized long used() {
    return estimate();
  }

  /** As {@link #used()}, without the lock: wrong while a limit changes, and only then. */
  public final long estimate() {
    return Math.min(external, internal) - free;
  }

  /** The limit that holds: the lower of both. */
  public final synchronized long limit() {
    return Math.min(external, internal);
  }

  /** The limit set from one side. */
  public final synchronized long limit(View view) {
    return view == View.EXTERNAL ? external : internal;
  }

  /**
   * Sets the limit of one side, unless more than that is in use (page_counter_set_max()).
   *
   * @param value from 0; {@link #NO_LIMIT} for none
   * @return whether it holds from now on; if not, all is as before
   */
  public final synchronized boolean limit(View view, long value) {
    check(value);
    long change = Math.min(value, view == View.EXTERNAL ? internal : external) - limit();
    if (change < 0 && !take(-change)) {
      return false;
    }
    if (change > 0) {
      FREE.getAndAdd(this, change);
    }
    store(view, value);
    return true;
  }

  /**
   * Sets the limit of one side, whatever is in use: it only keeps what comes after away, as
   * pids.max does (pids_max_write()).
   *
   * @param value from 0; {@link #NO_LIMIT} for none
   */
  public final synchronized void impose(View view, long value) {
    check(value);
    long before = limit();
    store(view, value);
    FREE.getAndAdd(this, limit() - before);
  }

  private void store(View view, long value) {
    if (view == View.EXTERNAL) {
      external = value;
    } else {
      internal = value;
    }
  }

  /** The nearest counter that both are, or are below; null where there is none. */
  public final @Nullable ResourceCounter common(ResourceCounter other) {
    if (parent == other.parent) { // what is moved mostly goes next door
      return this == other ? this : parent;
    }
    int difference = depth() - other.depth();
    var a = difference > 0 ? above(difference) : this;
    var b = difference < 0 ? other.above(-difference) : other;
    while (a != b && a != null && b != null) {
      a = a.parent;
      b = b.parent;
    }
    return a;
  }

  private int depth() {
    int depth = 0;
    for (var at = parent; at != null; at = at.parent) {
      depth++;
    }
    return depth;
  }

  private @Nullable ResourceCounter above(int steps) {
    var at = this;
    for (int i = 0; i < steps && at != null; i++) {
      at = at.parent;
    }
    return at;
  }
}
