package bailey.core.plan;

import bailey.core.abi.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of a plan, as the executor (executor.c) reads it: little endian, a header of 64
 * bytes, steps of 64 bytes, relocations (offsets of words to which the plan's own address is
 * added), data. The child of a spawn and the undo steps are laid out behind the main line, so that
 * all jumps go forward.
 */
public final class PlanCodec {
  /** {@code BLY1}. */
  static final int MAGIC = 0x31594c42;

  /** The executor refuses any other. */
  static final int VERSION = 1;

  private static final int RETRY_BUSY = 1;

  /** The result is a descriptor: the executor closes it with the plan, if no step did. */
  private static final int OPENS = 2;

  private static final int HEADER = 64;
  private static final int STEP = 64;

  /** The policy of a step whose refusal means nothing: ON_IGNORE in executor.c. */
  private static final byte IGNORE = 1;

  /** A plan ready for the executor, and what its step numbers mean. */
  public static final class Encoded {
    private final byte[] bytes;
    private final List<@Nullable Step> steps;

    Encoded(byte[] bytes, List<@Nullable Step> steps) {
      this.bytes = bytes;
      this.steps = steps;
    }

    /** The bytes; not a copy. */
    public byte[] bytes() {
      return bytes;
    }

    /** The step that the executor calls {@code index}, or null for one of the codec's own. */
    public @Nullable Step step(int index) {
      return index >= 0 && index < steps.size() ? steps.get(index) : null;
    }
  }

  /** Operations, by their numbers in executor.c. */
  private enum Op {
    FINISH(0),
    CALL(1),
    SPAWN(2),
    UNDO(3),
    UNWIND(4),
    END(5),
    FAIL(6),
    ASSIGN(7),
    LOAD(8),
    STORE(9),
    DECIMAL(10),
    APPEND(11),
    JUMP(12),
    AWAIT(13),
    HANDSHAKE(14),
    REPORT_TO(15),
    REPORT(16),
    COLLECT(17),
    COLLECT_NUMBER(18),
    FIND(19),
    WRITE_RECORD(20),
    SEND_RECORD(21),
    SUPERVISE(22),
    INIT(23),
    KILL_LISTED(24),
    REAP(25),
    EXIT_CODE(26),
    MOVE_LISTED(27),
    DROP_BOUNDING(28),
    REMOVE_GROUPS(29),
    WATCH(30),
    PLACE_LISTED(31),
    COPY_TREE(32),
    KILL_NOTED(33);

    private final byte code;

    Op(int code) {
      this.code = (byte) code;
    }
  }

  private record Later(int step, List<Step> block) {}

  private final Plan plan;
  private final List<@Nullable Step> origin = new ArrayList<>();
  private ByteBuffer code = little(128 * STEP);
  private final PlanData data = new PlanData();

  private PlanCodec(Plan plan) {
    this.plan = plan;
  }

  /** Encodes {@code plan}; {@code tag} comes back with each event of its execution. */
  public static Encoded encode(Plan plan, int tag) {
    var codec = new PlanCodec(plan);
    codec.process(plan.steps());
    return codec.finish(tag);
  }

  static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The steps of one process: main line, its children behind it, its undo steps. */
  private void process(List<Step> steps) {
    var children = new ArrayList<Later>();
    var undos = new ArrayList<Later>();
    block(steps, children, undos);
    emit(null, Op.FINISH);
    for (var undo : undos.reversed()) {
      target(undo.step());
      block(undo.block(), children, new ArrayList<>());
    }
    if (!undos.isEmpty()) {
      emit(null, Op.FINISH);
    }
    for (var child : children) {
      target(child.step());
      process(child.block());
    }
  }

  private void block(List<Step> steps, List<Later> children, List<Later> undos) {
    for (var step : steps) {
      step(step, children, undos);
    }
  }

  private void step(Step step, List<Later> children, List<Later> undos) {
    switch (step) {
      case Step.Call call -> call(call);
      case Step.Attempt attempt -> {
        int at = call(attempt.call());
        code.put(at * STEP + 1, (byte) 3);
        errors(at, attempt.errors());
        block(attempt.rest(), children, undos);
        target(at);
      }
      case Step.When when -> {
        int at = emit(when, Op.JUMP, when.left(), when.right());
        number(at, when.test().code());
        block(when.body(), children, undos);
        target(at);
      }
      case Step.Spawn spawn -> {
        int at = emit(spawn, Op.SPAWN, Operand.address(spawn.arguments()));
        out(at, spawn.pid());
        children.add(new Later(at, spawn.child()));
      }
      case Step.Watch watch ->
          children.add(
              new Later(
                  emit(watch, Op.WATCH, watch.group(), Operand.address(watch.arguments())),
                  watch.child()));
      case Step.Undo undo -> undos.add(new Later(emit(undo, Op.UNDO), undo.steps()));
      case Step.Unwind unwind -> emit(unwind, Op.UNWIND, unwind.status());
      case Step.End end -> emit(end, Op.END, end.status());
      case Step.Fail fail -> emit(fail, Op.FAIL, fail.error());
      case Step.Assign assign -> out(emit(assign, Op.ASSIGN, assign.value()), assign.into());
      case Step.Load load -> {
        int at = emit(load, Op.LOAD, new Operand.Address(load.from(), load.offset()));
        number(at, load.width());
        out(at, load.into());
      }
      case Step.Store store ->
          number(
              emit(store, Op.STORE, new Operand.Address(store.to(), store.offset()), store.value()),
              store.width());
      case Step.Decimal decimal ->
          out(
              emit(
                  decimal,
                  Op.DECIMAL,
                  new Operand.Address(decimal.to(), decimal.offset()),
                  decimal.value(),
                  Operand.number(decimal.offset())),
              decimal.end());
      case Step.Append append ->
          emit(
              append,
              Op.APPEND,
              Operand.address(append.to()),
              append.offset(),
              Operand.address(append.text()));
      case Step.Await await -> emit(await, Op.AWAIT, await.descriptor());
      case Step.Handshake handshake -> emit(handshake, Op.HANDSHAKE, handshake.descriptor());
      case Step.ReportTo report -> emit(report, Op.REPORT_TO, report.descriptor());
      case Step.Report report ->
          number(emit(report, Op.REPORT, report.value()), report.signal().code());
      case Step.Collect collect ->
          emit(
              collect,
              Op.COLLECT,
              Operand.text(collect.key()),
              collect.directory(),
              Operand.address(collect.path()));
      case Step.CollectNumber collect ->
          emit(collect, Op.COLLECT_NUMBER, Operand.text(collect.key()), collect.value());
      case Step.Find find -> out(emit(find, Op.FIND, Operand.text(find.word())), find.into());
      case Step.WriteRecord write -> {
        int at = emit(write, Op.WRITE_RECORD, write.descriptor());
        code.put(at * STEP + 1, IGNORE);
        out(at, write.into());
      }
      case Step.SendRecord send -> emit(send, Op.SEND_RECORD);
      case Step.DropBounding drop -> emit(drop, Op.DROP_BOUNDING, Operand.number(drop.mask()));
      case Step.Supervise supervise ->
          out(
              emit(
                  supervise,
                  Op.SUPERVISE,
                  supervise.pidfd(),
                  Operand.number(supervise.timeoutMillis()),
                  supervise.terminal() == null
                      ? Operand.number(-1)
                      : Operand.result(supervise.terminal())),
              supervise.timedOut());
      case Step.Init init -> out(emit(init, Op.INIT, init.main()), init.status());
      case Step.Reap reap -> out(emit(reap, Op.REAP, reap.pidfd()), reap.into());
      case Step.ExitCode exit -> out(emit(exit, Op.EXIT_CODE, exit.waitStatus()), exit.into());
      case Step.MoveListed move -> emit(move, Op.MOVE_LISTED, move.from(), move.to());
      case Step.RemoveGroups remove ->
          emit(remove, Op.REMOVE_GROUPS, Operand.address(remove.path()));
      case Step.PlaceListed place -> {
        int at =
            emit(
                place,
                Op.PLACE_LISTED,
                Operand.address(place.from()),
                Operand.address(place.to()),
                Operand.number(place.leaving() ? 1 : 0));
        if (place.into() != null) {
          code.put(at * STEP + 1, IGNORE);
        }
        out(at, place.into());
      }
      case Step.CopyTree copy ->
          emit(copy, Op.COPY_TREE, copy.from(), copy.to(), Operand.number(copy.levels()));
      case Step.KillListed kill -> emit(kill, Op.KILL_LISTED, kill.descriptor());
      case Step.KillNoted kill -> emit(kill, Op.KILL_NOTED, Operand.address(kill.path()));
    }
  }

  private int call(Step.Call call) {
    int at = emit(call, Op.CALL, call.arguments().toArray(new Operand[0]));
    number(at, call.call().number(plan.arch()));
    out(at, call.into());
    switch (call.onError()) {
      case OnError.Fail() -> {}
      case OnError.Ignore() -> code.put(at * STEP + 1, IGNORE);
      case OnError.Allow(var errors) -> {
        code.put(at * STEP + 1, (byte) 2);
        errors(at, errors);
      }
    }
    if (call.retryBusy()) {
      flag(at, RETRY_BUSY);
    }
    return at;
  }

  private int emit(@Nullable Step step, Op op, Operand... operands) {
    int at = origin.size();
    origin.add(step);
    if ((at + 1) * STEP > code.capacity()) {
      code = little(code.capacity() * 2).put(0, code, 0, code.capacity());
    }
    int start = at * STEP;
    int kinds = 0;
    for (int i = 0; i < operands.length; i++) {
      int kind = data.write(code, start + 16 + 8 * i, operands[i]);
      kinds |= kind << (2 * i);
    }
    code.put(start, op.code);
    code.put(start + 2, (byte) Register.DISCARD);
    code.putShort(start + 6, (short) kinds);
    return at;
  }

  private void out(int at, @Nullable Register register) {
    if (register != null) {
      code.put(at * STEP + 2, (byte) register.number());
      if (register.descriptor()) {
        flag(at, OPENS);
      }
    }
  }

  private void flag(int at, int flag) {
    code.put(at * STEP + 3, (byte) (code.get(at * STEP + 3) | flag));
  }

  private void number(int at, int value) {
    code.putShort(at * STEP + 4, (short) value);
  }

  private void target(int at) {
    code.putInt(at * STEP + 8, origin.size());
  }

  private void errors(int at, List<Errno> errors) {
    for (int i = 0; i < errors.size(); i++) {
      code.put(at * STEP + 12 + i, (byte) errors.get(i).number());
    }
  }

  private Encoded finish(int tag) {
    int steps = origin.size();
    data.align();
    int relocsAt = HEADER + steps * STEP;
    int relocs = data.relocations();
    int dataAt = (relocsAt + relocs * 4 + 15) & ~15;
    int total = dataAt + data.constantSize();
    var bytes = new byte[total];
    var out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putShort((short) VERSION).putShort((short) plan.arch().elfMachine());
    out.putInt(total).putInt(dataAt + data.size()).putInt(steps).putInt(HEADER);
    out.putInt(relocs).putInt(relocsAt).putInt(tag).putInt(plan.descriptors().size());
    out.put(HEADER, code, 0, steps * STEP);
    data.place(out, HEADER, dataAt, relocsAt);
    return new Encoded(bytes, origin);
  }

  /** An event of an execution, as the executor sends it. */
  @SuppressWarnings("ArrayRecordComponent") // equality is by content
  public record Event(int tag, Step.Signal signal, int step, long value, byte[] data) {
    /** Bytes before the data. */
    public static final int SIZE = 32;

    @Override
    public boolean equals(Object other) {
      return other instanceof Event e
          && tag == e.tag
          && signal == e.signal
          && step == e.step
          && value == e.value
          && Arrays.equals(data, e.data);
    }

    @Override
    public int hashCode() {
      return tag * 31 + signal.hashCode();
    }

    /** How many bytes of data follow this head of {@value #SIZE} bytes. */
    public static int dataLength(byte[] head) {
      return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
    }

    /** The event of a head and its data. */
    public static Event of(byte[] head, byte[] data) {
      var b = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      return new Event(b.getInt(0), Step.Signal.of(b.getInt(4)), b.getInt(8), b.getLong(16), data);
    }
  }
}
