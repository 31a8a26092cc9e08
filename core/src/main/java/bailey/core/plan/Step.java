package bailey.core.plan;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan. Each carries a {@link Note}; what it does is fully said by its own fields, so
 * that a plan can be read, verified and encoded without knowing how it came to be.
 */
public sealed interface Step {
  /**
   * What a step is for.
   *
   * @param what the attempt in words that follow "cannot start x:", such as {@code mounting proc}
   * @param because the option or subsystem that asked for it
   */
  record Note(String what, String because) {}

  /** What this step is for. */
  Note note();

  /**
   * A system call; its result goes to {@code into}. {@code retryBusy}: again for a while on EBUSY.
   */
  record Call(
      Note note,
      Sys call,
      List<Operand> arguments,
      @Nullable Register into,
      OnError onError,
      boolean retryBusy)
      implements Step {}

  /** A call, and steps that are done only if it was not refused with one of {@code errors}. */
  record Attempt(Call call, List<Errno> errors, List<Step> rest) implements Step {
    @Override
    public Note note() {
      return call.note();
    }
  }

  /** Steps that are done only if a comparison of two numbers holds. */
  record When(Note note, Operand left, Test test, Operand right, List<Step> body) implements Step {}

  /** A comparison. */
  enum Test {
    /** The same. */
    EQUAL("==", 0),
    /** Not the same. */
    DIFFERENT("!=", 1),
    /** Less, signed. */
    LESS("<", 2);

    private final String sign;
    private final int code;

    Test(String sign, int code) {
      this.sign = sign;
      this.code = code;
    }

    /** Its number in executor.c. */
    int code() {
      return code;
    }

    /** As a formula has it. */
    public String sign() {
      return sign;
    }
  }

  /**
   * clone3(2). The child does {@code child} and must end by executing or by {@link End}; its number
   * goes to {@code pid}.
   */
  record Spawn(Note note, String role, Datum arguments, @Nullable Register pid, List<Step> child)
      implements Step {}

  /**
   * Each time the last task has left a control group that had one, a child does {@code child},
   * which must end; until the group is gone. Not for a resident executor, which it would keep from
   * all else.
   *
   * @param group a descriptor of its cgroup.events (v2) or cgroup.procs (v1)
   * @param arguments of clone3(2)
   */
  record Watch(Note note, Operand group, String role, Datum arguments, List<Step> child)
      implements Step {}

  /** From here on a failure, and {@link Unwind}, does these steps, the last registered first. */
  record Undo(Note note, List<Step> steps) implements Step {}

  /** Does what the undo steps say, then ends with {@code status}. */
  record Unwind(Note note, Operand status) implements Step {}

  /** Ends the plan; in a spawned child, the process. */
  record End(Note note, Operand status) implements Step {}

  /** Fails with an error number that an earlier call gave (negative, as the kernel returns it). */
  record Fail(Note note, Operand error) implements Step {}

  /** A register's new content. */
  record Assign(Note note, Register into, Operand value) implements Step {}

  /** A number of 4 or 8 bytes from the plan's memory. */
  record Load(Note note, Register into, Datum from, int offset, int width) implements Step {}

  /** A number of 4 or 8 bytes to the plan's memory. */
  record Store(Note note, Datum to, int offset, int width, Operand value) implements Step {}

  /**
   * A number as decimal text with an end NUL to the plan's memory; the offset of that NUL to {@code
   * end}.
   */
  record Decimal(Note note, Datum.Space to, int offset, Operand value, @Nullable Register end)
      implements Step {}

  /** A constant string with an end NUL to the plan's memory, at an offset held in a register. */
  record Append(Note note, Datum.Space to, Operand offset, Datum.Text text) implements Step {}

  /** Waits until a descriptor is readable; a resident executor serves other plans meanwhile. */
  record Await(Note note, Operand descriptor) implements Step {}

  /**
   * Reads a child's start report: end of file means that it executed its program, a record means
   * that one of its steps failed, which then fails this plan as well.
   */
  record Handshake(Note note, Operand descriptor) implements Step {}

  /** From here on a failure of this process is reported to this descriptor. */
  record ReportTo(Note note, Operand descriptor) implements Step {}

  /** Tells the requester something while the plan goes on. */
  record Report(Note note, Signal signal, Operand value) implements Step {}

  /** What a plan tells its requester. */
  enum Signal {
    /** A step failed: the number of the step and the error. */
    FAILED(0),
    /** The command runs: its process id as this executor sees it. */
    STARTED(1),
    /** The container has ended; what was collected follows. */
    ENDED(2),
    /** The plan is done. */
    DONE(3);

    private final int code;

    Signal(int code) {
      this.code = code;
    }

    /** Its number in executor.c. */
    int code() {
      return code;
    }

    static Signal of(int code) {
      for (var signal : values()) {
        if (signal.code == code) {
          return signal;
        }
      }
      throw new IllegalArgumentException("no event has the number " + code);
    }
  }

  /**
   * Reads a whole small file (up to 4 KiB) into the record of this plan. A file not there is left
   * out.
   */
  record Collect(Note note, String key, Operand directory, Datum.Text path) implements Step {}

  /** Notes a number in the record of this plan. */
  record CollectNumber(Note note, String key, Operand value) implements Step {}

  /**
   * The number right after {@code word} in the first line of what was last collected that starts
   * with it; 0 where none does.
   */
  record Find(Note note, String word, Register into) implements Step {}

  /**
   * Writes the record of this plan to a descriptor; 0 or the error (negative) goes to {@code into}.
   */
  record WriteRecord(Note note, Operand descriptor, Register into) implements Step {}

  /**
   * Has the record of this plan sent to the requester, with the signal ENDED, when the plan ends.
   */
  record SendRecord(Note note) implements Step {}

  /**
   * Waits for the end of a process, meanwhile forwarding signals to it and, if there is one,
   * relaying a terminal. After {@code timeoutMillis} (0: never) it kills; {@code timedOut} is then
   * 1.
   */
  record Supervise(
      Note note,
      Operand pidfd,
      long timeoutMillis,
      @Nullable Register terminal,
      @Nullable Register timedOut)
      implements Step {}

  /**
   * Acts as process 1 until the process {@code main} ends: forwards signals to it, reaps
   * everything.
   */
  record Init(Note note, Operand main, Register status) implements Step {}

  /** Waits for the end of a child and reaps it; its wait status (wait(2)) goes to {@code into}. */
  record Reap(Note note, Operand pidfd, Register into) implements Step {}

  /** A wait status as the exit status that a shell makes of it: 128 + n for signal n. */
  record ExitCode(Note note, Register into, Operand waitStatus) implements Step {}

  /**
   * Drops capabilities from the bounding set (PR_CAPBSET_DROP of prctl(2)), so that no program that
   * is executed later can get them; those that the kernel does not know are passed over.
   *
   * @param text which, for people
   * @param mask bit n is capability n
   */
  record DropBounding(Note note, String text, long mask) implements Step {}

  /**
   * Writes the number of each process that a cgroup.procs file lists to another, until it lists
   * none.
   */
  record MoveListed(Note note, Operand from, Operand to) implements Step {}

  /**
   * Removes a control group and all that are in it, inner ones first; nothing where it is not
   * there. What a guest made below its own group is known to nobody else, and how deep that goes is
   * no matter: names are looked up one below the other, never as a path.
   */
  record RemoveGroups(Note note, Datum.Text path) implements Step {}

  /**
   * Moves each process that one cgroup.procs file lists by writing its number to another. One that
   * ends meanwhile is passed over; at any other refusal those that were moved go back.
   *
   * @param from path of the file that lists, none where it is not there; it stays the same while
   *     what is listed is frozen
   * @param to path of the file that is written
   * @param leaving whether the processes leave the list by that, so that it is read until it is
   *     empty; where the two belong to different hierarchies they stay on it
   * @param into 0 or the error (negative); null where a refusal fails the plan
   */
  record PlaceListed(
      Note note, Datum.Text from, Datum.Text to, boolean leaving, @Nullable Register into)
      implements Step {}

  /**
   * Copies what is in a directory to another one, which nobody else may come to meanwhile: files,
   * directories, links and nodes with owners, modes and times, without extended attributes, and the
   * owner, mode and times of the directory itself. What is mounted in it is left out, and no link
   * is followed, whatever somebody exchanges in it. The error is that of the first call that fails.
   *
   * @param levels of directories that it may have at most (ELOOP)
   */
  record CopyTree(Note note, Operand from, Operand to, int levels) implements Step {}

  /** Sends SIGKILL to each process that a cgroup.procs file lists, until it lists none. */
  record KillListed(Note note, Operand descriptor) implements Step {}

  /**
   * Sends SIGKILL to the process that a file names by a copy of its /proc/PID/stat, if it is that
   * very process that runs: its start time tells (proc_pid_stat(5)). Nothing where it does not run,
   * or where there is no such file or it names nobody.
   */
  record KillNoted(Note note, Datum.Text path) implements Step {}
}
