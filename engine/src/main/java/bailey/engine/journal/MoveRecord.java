package bailey.engine.journal;

import bailey.core.error.StateDamaged;
import bailey.core.planner.MoveRequest;
import bailey.core.planner.MoveRequest.Batch;
import bailey.core.planner.MoveRequest.Leg;
import bailey.core.planner.MoveRequest.Stopper;
import bailey.core.planner.MoveRequest.Stray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A move of tasks between groups as it is recorded while it is on its way: where from and where to,
 * not which tasks, since all that is to be put back is in the groups that hold it.
 *
 * @param request the move; its processes are not recorded
 * @param committed whether its last step had begun
 */
public record MoveRecord(MoveRequest request, boolean committed) {
  private static final String FORMAT = "1";

  /** The text of a move, written before its first step. */
  public static String text(String title, long id, Stopper stopper, List<Batch> batches) {
    var entries = new RecordEntries();
    entries.put("bailey.move", FORMAT);
    entries.put(MoveRequest.ID.substring(0, MoveRequest.ID.length() - 1), id);
    entries.put("title", title);
    entries.put("stopper", stopper.name());
    entries.put("batches", batches.size());
    for (int i = 0; i < batches.size(); i++) {
      var batch = batches.get(i);
      String prefix = "batch." + i + ".";
      entries.put(prefix + "hold", batch.hold());
      entries.put(prefix + "last.from", batch.last().from());
      entries.put(prefix + "last.to", batch.last().to());
      entries.put(prefix + "from", batch.legs().stream().map(Leg::from).toList());
      entries.put(prefix + "to", batch.legs().stream().map(Leg::to).toList());
      entries.put(prefix + "thread", batch.threads().stream().map(String::valueOf).toList());
      entries.put(
          prefix + "stray", batch.strays().stream().map(s -> Long.toString(s.tid())).toList());
      entries.put(prefix + "group", batch.strays().stream().map(Stray::group).toList());
    }
    return RecordText.write(entries.all());
  }

  /**
   * The move that a file records.
   *
   * @return empty where it records none: it is empty, not there, or was cut short, in which case no
   *     step of the move was done
   * @throws StateDamaged if it is of a later version
   */
  public static Optional<MoveRecord> read(Path file) {
    var text = Journal.content(file).orElse("");
    boolean committed = text.endsWith(MoveRequest.COMMITTED);
    int mark = text.lastIndexOf("\n# end ");
    int end = mark < 0 ? -1 : text.indexOf('\n', mark + 1);
    if (end < 0) {
      return Optional.empty();
    }
    var whole = text.substring(0, end + 1);
    RecordEntries entries;
    try {
      entries = new RecordEntries(file.toString(), RecordText.read(file.toString(), whole));
    } catch (StateDamaged _) {
      return Optional.empty();
    }
    if (!entries.text("bailey.move").equals(FORMAT)) {
      throw entries.damaged("it is of version " + entries.text("bailey.move"));
    }
    return Optional.of(new MoveRecord(request(file, whole, entries), committed));
  }

  private static MoveRequest request(Path file, String text, RecordEntries entries) {
    var batches = new ArrayList<Batch>();
    for (int i = 0; i < entries.number("batches"); i++) {
      batches.add(batch(entries, "batch." + i + "."));
    }
    return new MoveRequest(
        entries.text("title"),
        file.toString(),
        entries.number("id"),
        text,
        Stopper.valueOf(entries.text("stopper")),
        batches);
  }

  private static Batch batch(RecordEntries entries, String prefix) {
    var from = entries.texts(prefix + "from");
    var to = entries.texts(prefix + "to");
    var legs = new ArrayList<Leg>();
    for (int i = 0; i < from.size() && i < to.size(); i++) {
      legs.add(new Leg(from.get(i), to.get(i)));
    }
    var tids = entries.texts(prefix + "stray");
    var groups = entries.texts(prefix + "group");
    var strays = new ArrayList<Stray>();
    for (int i = 0; i < tids.size() && i < groups.size(); i++) {
      strays.add(new Stray(Long.parseLong(tids.get(i)), groups.get(i)));
    }
    return new Batch(
        entries.text(prefix + "hold"),
        List.of(),
        entries.texts(prefix + "thread").stream().map(Long::valueOf).toList(),
        legs,
        new Leg(entries.text(prefix + "last.from"), entries.text(prefix + "last.to")),
        strays);
  }
}
