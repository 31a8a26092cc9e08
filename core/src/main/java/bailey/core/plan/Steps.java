package bailey.core.plan;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds a list of steps. Confined to one thread; {@link #because} holds for the steps after it.
 */
public final class Steps {
  private final List<Step> steps = new ArrayList<>();
  private final Registers registers;
  private String because = "";

  /** Steps of a plan whose registers are given out by {@code registers}. */
  public Steps(Registers registers) {
    this.registers = registers;
  }

  /** What has been built. */
  public List<Step> list() {
    return List.copyOf(steps);
  }

  /** The registers of the plan that these steps belong to. */
  public Registers registers() {
    return registers;
  }

  /** The option or subsystem that asks for the steps from here on. */
  public Steps because(String reason) {
    because = reason;
    return this;
  }

  /** The option or subsystem that asks for the present steps. */
  public String because() {
    return because;
  }

  /** Steps inside of another step, for the same reason. */
  public List<Step> inside(Consumer<Steps> body) {
    var inner = new Steps(registers).because(because);
    body.accept(inner);
    return inner.list();
  }

  private Step.Note note(String what) {
    return new Step.Note(what, because);
  }

  /** Any step. */
  public Steps add(Step step) {
    steps.add(step);
    return this;
  }

  /** A system call that must succeed. */
  public Steps call(String what, Sys call, Operand... arguments) {
    return add(new Step.Call(note(what), call, List.of(arguments), null, OnError.FAIL, false));
  }

  /** A system call whose refusal means {@code onError}. */
  public Steps call(String what, OnError onError, Sys call, Operand... arguments) {
    return add(new Step.Call(note(what), call, List.of(arguments), null, onError, false));
  }

  /** A system call whose result is kept. */
  public Steps call(String what, Register into, OnError onError, Sys call, Operand... arguments) {
    return add(new Step.Call(note(what), call, List.of(arguments), into, onError, false));
  }

  /** A system call that the kernel may refuse for a moment with EBUSY. */
  public Steps callWhenFree(String what, OnError onError, Sys call, Operand... arguments) {
    return add(new Step.Call(note(what), call, List.of(arguments), null, onError, true));
  }

  /** A system call, and steps done unless it was refused with one of {@code errors}. */
  public Steps attempt(
      String what, List<Errno> errors, Consumer<Steps> rest, Sys call, Operand... arguments) {
    var first = new Step.Call(note(what), call, List.of(arguments), null, OnError.FAIL, false);
    return add(new Step.Attempt(first, errors, inside(rest)));
  }

  /** openat(2) of an existing file, close-on-exec; {@code mode} are further O_ flags. */
  public Register open(String what, Operand directory, String path, long flags, String name) {
    var fd = registers.descriptor(name);
    call(
        what,
        fd,
        OnError.FAIL,
        Sys.OPENAT,
        directory,
        Operand.text(path),
        Operand.number(flags | OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0));
    return fd;
  }

  /** close(2). */
  public Steps close(Register descriptor) {
    return call("closing " + descriptor.name(), Sys.CLOSE, Operand.result(descriptor));
  }

  /** Opens {@code path}, writes {@code text} in one call, and closes it. */
  public Steps write(String what, Operand directory, String path, String text, OnError onError) {
    var fd = registers.number("file");
    var content = Operand.text(text);
    long size = KernelText.encode(text).length;
    call(
        what,
        fd,
        onError,
        Sys.OPENAT,
        directory,
        Operand.text(path),
        Operand.number(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0));
    call(what, onError, Sys.WRITE, Operand.result(fd), content, Operand.number(size));
    return call("closing " + path, onError, Sys.CLOSE, Operand.result(fd));
  }

  /** mkdirat(2) relative to the working directory. */
  public Steps mkdir(String what, String path, long mode, OnError onError) {
    return call(
        what,
        onError,
        Sys.MKDIRAT,
        cwd(),
        Operand.text(path),
        Operand.number(mode, Notation.OCTAL));
  }

  /** mount(2). */
  public Steps mount(
      String what,
      @Nullable String source,
      String target,
      @Nullable String type,
      long flags,
      @Nullable String data) {
    return mount(what, OnError.FAIL, source, target, type, flags, data);
  }

  /** mount(2) whose refusal means {@code onError}. */
  public Steps mount(
      String what,
      OnError onError,
      @Nullable String source,
      String target,
      @Nullable String type,
      long flags,
      @Nullable String data) {
    return call(
        what,
        onError,
        Sys.MOUNT,
        source == null ? Operand.number(0) : Operand.text(source),
        Operand.text(target),
        type == null ? Operand.number(0) : Operand.text(type),
        Operand.number(flags, Notation.MOUNT),
        data == null ? Operand.number(0) : Operand.text(data));
  }

  /** Steps that are registered to be done on failure and at the end. */
  public Steps undo(String what, Consumer<Steps> body) {
    return add(new Step.Undo(note(what), inside(body)));
  }

  /** Steps that are done only if a comparison holds. */
  public Steps when(
      String what, Operand left, Step.Test test, Operand right, Consumer<Steps> body) {
    return add(new Step.When(note(what), left, test, right, inside(body)));
  }

  /** A number from the plan's memory. */
  public Register load(String what, Datum from, int offset, int width, Register into) {
    add(new Step.Load(note(what), into, from, offset, width));
    return into;
  }

  /** A number to the plan's memory. */
  public Steps store(String what, Datum to, int offset, int width, Operand value) {
    return add(new Step.Store(note(what), to, offset, width, value));
  }

  /** The AT_FDCWD operand. */
  public static Operand cwd() {
    return Operand.number(Flags.AT_FDCWD, Notation.DESCRIPTOR);
  }
}
