package bailey.engine.journal;

import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.StateDamaged;
import bailey.core.planner.StateFiles;
import bailey.core.spec.ContainerSpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a container is meant to be, as it is written before anything of it is made.
 *
 * <p>As text its first lines are those that a report needs, because a report keeps only the first 4
 * KiB of it.
 *
 * @param name of the container
 * @param command program and arguments; empty for one that is to be started later
 * @param created when
 * @param report name of the file that its end is recorded in
 * @param userBase first of the ids outside that a user namespace of its own gets
 * @param maker who wrote this
 * @param cgroups the group below which its groups are, in every hierarchy; empty where there are
 *     none
 * @param spec what it is to be
 */
public record Intent(
    ContainerPath name,
    List<String> command,
    Instant created,
    String report,
    int userBase,
    Maker maker,
    String cgroups,
    ContainerSpec spec) {
  private static final String FORMAT = "1";
  private static final String ID = StateFiles.ID.substring(0, StateFiles.ID.length() - 1);

  /**
   * A process that wrote an intent.
   *
   * @param pid as it sees itself; 0 where it does not matter, see {@link #unowned}
   * @param startTicks when it started
   * @param boot of the machine at that time
   * @param pidNamespace the namespace that its numbers of processes belong to; 0 if not known
   */
  public record Maker(long pid, long startTicks, String boot, long pidNamespace) {}

  /** Copies. */
  public Intent {
    command = List.copyOf(command);
  }

  /** Tells it from all others of that name: when it was created, in nanoseconds of the epoch. */
  public long id() {
    return TimeUnit.SECONDS.toNanos(created.getEpochSecond()) + created.getNano();
  }

  /** The same container with another command and spec. */
  public Intent with(List<String> newCommand, ContainerSpec newSpec) {
    return new Intent(name, newCommand, created, report, userBase, maker, cgroups, newSpec);
  }

  /** A container of another name and time that is to be the same otherwise. */
  public Intent called(ContainerPath newName, Instant newCreated) {
    var newReport = Reports.file(newName, newCreated);
    return new Intent(newName, command, newCreated, newReport, userBase, maker, cgroups, spec);
  }

  /**
   * The same, which belongs to no process but the executor that looks after it and has its lock:
   * who that will be its plan does not say.
   */
  public Intent unowned() {
    var nobody = new Maker(0, 0, maker.boot(), maker.pidNamespace());
    return new Intent(name, command, created, report, userBase, nobody, cgroups, spec);
  }

  /** As text. */
  public String text() {
    var entries = new RecordEntries();
    entries.put("bailey.intent", FORMAT);
    entries.put("name", name.toString());
    entries.put(ID, id());
    entries.put("report", report);
    entries.put("userbase", userBase);
    entries.put("maker.pid", maker.pid());
    entries.put("maker.start", maker.startTicks());
    entries.put("maker.boot", maker.boot());
    entries.put("maker.pidns", maker.pidNamespace());
    entries.put("cgroups", cgroups);
    entries.put("arguments", command.size());
    entries.put("argument", command);
    SpecText.write(entries, spec);
    return RecordText.write(entries.all());
  }

  /**
   * Of its text.
   *
   * @throws StateDamaged if it is not whole, or of a later version; the sentence is about {@code
   *     path}
   */
  public static Intent parse(String path, String text) {
    var entries = new RecordEntries(path, RecordText.read(path, text));
    var beginning = beginning(entries);
    var command = entries.texts("argument");
    if (command.size() != entries.number("arguments")) {
      throw entries.damaged("it has " + command.size() + " arguments of " + beginning.arguments());
    }
    return new Intent(
        beginning.name(),
        command,
        beginning.created(),
        entries.text("report"),
        (int) entries.number("userbase"),
        new Maker(
            entries.number("maker.pid"),
            entries.number("maker.start"),
            entries.text("maker.boot"),
            entries.number("maker.pidns")),
        checked(entries, entries.text("cgroups")),
        SpecText.read(entries));
  }

  /** A record may not make bailey look for groups anywhere but where it makes them. */
  private static String checked(RecordEntries entries, String cgroups) {
    boolean sound = cgroups.isEmpty() || cgroups.matches("(/[^/]+)+");
    if (!sound || List.of(cgroups.split("/", -1)).contains("..")) {
      throw entries.damaged("its cgroups are " + cgroups);
    }
    return cgroups;
  }

  /**
   * What is known from the beginning of an intent.
   *
   * @param name of the container
   * @param created when
   * @param command the first arguments, as far as they were kept
   * @param arguments how many there were
   */
  public record Beginning(
      ContainerPath name, Instant created, List<String> command, long arguments) {}

  /**
   * Of the beginning of its text.
   *
   * @throws StateDamaged if that is none; the sentence is about {@code path}
   */
  public static Beginning parseBeginning(String path, String text) {
    return beginning(new RecordEntries(path, RecordText.readBeginning(path, text)));
  }

  private static Beginning beginning(RecordEntries entries) {
    if (!entries.text("bailey.intent").equals(FORMAT)) {
      throw entries.damaged(
          "it is of version "
              + entries.text("bailey.intent")
              + ", this bailey reads version "
              + FORMAT);
    }
    try {
      return new Beginning(
          ContainerPath.parse("name", entries.text("name")),
          Instant.EPOCH.plusNanos(entries.number(ID)),
          entries.texts("argument"),
          entries.number("arguments"));
    } catch (BadRequest | DateTimeException e) {
      throw entries.damaged(String.valueOf(e.getMessage()));
    }
  }
}
