package bailey.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows in aligned columns, two blanks apart. Numbers are aligned to the right. Control characters
 * are shown as escapes, so that a name cannot break a line or drive the terminal.
 */
public final class Table {
  /** How a cell is emphasised. */
  public enum Tone {
    /** Not at all. */
    PLAIN,
    /** Good. */
    GOOD,
    /** In between. */
    WARN,
    /** Bad. */
    BAD,
    /** Less important. */
    DIM
  }

  /**
   * A cell.
   *
   * @param text what is shown
   * @param tone its emphasis
   */
  public record Cell(String text, Tone tone) {}

  private final List<String> headings;
  private final boolean[] right;
  private final List<List<Cell>> rows = new ArrayList<>();

  /** With these headings; a heading that starts with {@code >} has a column of numbers. */
  public Table(String... headings) {
    right = new boolean[headings.length];
    var names = new ArrayList<String>();
    for (int i = 0; i < headings.length; i++) {
      right[i] = headings[i].startsWith(">");
      names.add(right[i] ? headings[i].substring(1) : headings[i]);
    }
    this.headings = List.copyOf(names);
  }

  /** Adds a row, one text for each column. */
  public void row(String... texts) {
    var cells = new ArrayList<Cell>();
    for (var text : texts) {
      cells.add(new Cell(text, Tone.PLAIN));
    }
    row(cells);
  }

  /** Adds a row, one cell for each column. */
  public void row(List<Cell> cells) {
    if (cells.size() != headings.size()) {
      throw new IllegalArgumentException(cells.size() + " cells for " + headings.size());
    }
    rows.add(
        cells.stream().map(cell -> new Cell(HumanText.printable(cell.text), cell.tone)).toList());
  }

  /** The lines, each with its line break. */
  public String print(Colour colour) {
    var widths = new int[headings.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(headings.get(i));
      for (var row : rows) {
        widths[i] = Math.max(widths[i], width(row.get(i).text));
      }
    }
    var out = new StringBuilder();
    line(out, headings.stream().map(name -> new Cell(name, Tone.DIM)).toList(), widths, colour);
    for (var row : rows) {
      line(out, row, widths, colour);
    }
    return out.toString();
  }

  private void line(StringBuilder out, List<Cell> cells, int[] widths, Colour colour) {
    int blanks = 0;
    for (int i = 0; i < widths.length; i++) {
      var cell = cells.get(i);
      int missing = widths[i] - width(cell.text);
      blanks += right[i] ? missing : 0;
      if (!cell.text.isEmpty()) {
        out.append(" ".repeat(blanks)).append(coloured(cell, colour));
        blanks = 0;
      }
      blanks += 2 + (right[i] ? 0 : missing + 0);
    }
    out.append('\n');
  }

  private static String coloured(Cell cell, Colour colour) {
    return switch (cell.tone) {
      case PLAIN -> cell.text;
      case GOOD -> colour.green(cell.text);
      case WARN -> colour.yellow(cell.text);
      case BAD -> colour.red(cell.text);
      case DIM -> colour.dim(cell.text);
    };
  }

  /** Columns on a terminal, near enough: one for each code point, two for wide East Asian ones. */
  private static int width(String text) {
    return text.codePoints().map(c -> wide(c) ? 2 : 1).sum();
  }

  private static boolean wide(int c) {
    return (c >= 0x1100 && c <= 0x115F)
        || (c >= 0x2E80 && c <= 0xA4CF)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60)
        || (c >= 0x1F300 && c <= 0x1FAFF)
        || (c >= 0x20000 && c <= 0x3FFFD);
  }
}
