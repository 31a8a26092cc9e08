package bailey.oci.json;

import bailey.core.error.BadRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON document (RFC 8259, UTF-8) value by value, as its caller asks for them. Every fault
 * is a {@link BadRequest}: path, value, fault, what is allowed, line and column. It is stricter
 * than the RFC asks for: no name twice in an object, no half of a surrogate pair, no nesting deeper
 * than {@value #DEEPEST}, no more than {@value #LONGEST} bytes. A field that is null is as if it
 * were not there.
 *
 * <pre>{@code
 * in.object();
 * for (var name = in.field(); name != null; name = in.field()) {
 *   switch (name) {
 *     case "path" -> path = in.string("a path");
 *     default -> in.skip();
 *   }
 * }
 * }</pre>
 *
 * <p>Made by hand because a cold command line reads one document, and loading a library for that
 * takes longer than all the rest of reading: docs/decisions/0024-oci-config.md.
 */
public final class JsonReader {
  /** The most bytes of a document; Linux takes at most 6 MiB of arguments and environment. */
  public static final int LONGEST = 16 << 20;

  /** The most objects and arrays in each other; a configuration has 8. */
  public static final int DEEPEST = 100;

  /** Names in an object from which on a set finds one sooner than a look at each. */
  private static final int MANY = 16;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final byte[] text;
  private final JsonScanner in;

  /** Where the value begins that was read last. */
  private int begin;

  private @Nullable Frame frame;

  /** An object or array that it is in. */
  private static final class Frame {
    final @Nullable Frame outer;
    final int depth;
    final boolean array;
    int index = -1;
    @Nullable String name;
    final List<String> names;
    @Nullable Set<String> many;

    Frame(@Nullable Frame outer, boolean array) {
      this.outer = outer;
      this.array = array;
      depth = outer == null ? 1 : outer.depth + 1;
      names = array ? List.of() : new ArrayList<>();
    }

    /** Whether {@code name} is new among the names so far. */
    boolean add(String name) {
      if (many != null) {
        return many.add(name);
      }
      if (names.contains(name)) {
        return false;
      }
      names.add(name);
      if (names.size() > MANY) {
        many = new HashSet<>(names);
      }
      return true;
    }

    void path(StringBuilder out) {
      if (outer != null) {
        outer.path(out);
      }
      if (array && index >= 0) {
        out.append('[').append(index).append(']');
      } else if (name != null) {
        JsonPlace.append(out, name);
      }
    }
  }

  /** A reader of {@code document}, which must not change meanwhile. */
  public JsonReader(byte[] document) {
    text = document;
    in = new JsonScanner(document, this::broken);
    if (document.length > LONGEST) {
      throw new BadRequest(
          "the document has " + document.length + " bytes; at most " + LONGEST + " are read");
    }
    if (document.length >= 3 && Arrays.equals(document, 0, 3, BYTE_ORDER_MARK, 0, 3)) {
      throw broken(0, "begins with a byte order mark; save it as UTF-8 without one");
    }
  }

  /** Begins the object that is next. */
  public void object() {
    if (next() != '{') {
      throw wrongType("is not an object", "an object in braces");
    }
    enter(false);
  }

  /**
   * The next name in the object, whose value is then to be read or skipped; null at its end. A name
   * whose value is null is passed over.
   */
  public @Nullable String field() {
    var object = inside();
    while (another(object, '}')) {
      if (in.next() != '"') {
        throw in.unexpected("a name in double quotes");
      }
      int at = in.offset();
      var name = in.string();
      object.name = name;
      if (!object.add(name)) {
        throw new BadRequest(
            path() + ": this name is given twice; keep one of them" + JsonPlace.line(text, at));
      }
      if (in.next() != ':') {
        throw in.unexpected("a colon");
      }
      in.advance();
      if (in.next() != 'n') {
        return name;
      }
      in.word("null");
    }
    return null;
  }

  /** Begins the array that is next. {@code remedy} says what is to be written here. */
  public void array(String remedy) {
    if (next() != '[') {
      throw wrongType("is not a list", remedy);
    }
    enter(true);
  }

  /** Whether the array has a further element, which is then to be read or skipped. */
  public boolean element() {
    return another(inside(), ']');
  }

  /** The string that is next, without NUL. {@code remedy} says what is to be written here. */
  public String string(String remedy) {
    if (next() != '"') {
      throw wrongType("is not a string", remedy);
    }
    var string = in.string();
    if (string.indexOf('\0') >= 0) {
      throw wrong(string, "has a NUL in it, where the kernel ends a string", remedy);
    }
    return string;
  }

  /** The boolean that is next. */
  public boolean bool() {
    int c = next();
    if (c != 't' && c != 'f') {
      throw wrongType("is not a boolean", "true or false");
    }
    in.word(c == 't' ? "true" : "false");
    return c == 't';
  }

  /** The whole number that is next, from {@code least} to {@code most}. */
  public long integer(long least, long most, String remedy) {
    var digits = wholeNumber(remedy);
    boolean negative = digits.startsWith("-");
    long number = 0;
    boolean fits = true;
    try {
      number = Long.parseLong(digits);
    } catch (NumberFormatException e) {
      fits = false; // it has nothing but digits, so there are too many of them
    }
    if (fits ? number < least : negative) {
      throw numberWrong(digits, "is below " + least, remedy);
    }
    if (!fits || number > most) {
      throw numberWrong(digits, "is above " + most, remedy);
    }
    return number;
  }

  /** The whole number that is next, from 0 to 2^64-1, as unsigned bits. */
  public long unsigned(String remedy) {
    var digits = wholeNumber(remedy);
    if (digits.startsWith("-")) {
      throw numberWrong(digits, "is below 0", remedy);
    }
    try {
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) { // it has nothing but digits, so there are too many
      throw numberWrong(digits, "is above 18446744073709551615", remedy);
    }
  }

  private String wholeNumber(String remedy) {
    int c = next();
    if (c != '-' && (c < '0' || c > '9')) {
      throw wrongType("is not a number", remedy);
    }
    var number = in.number();
    for (int i = 0; i < number.length(); i++) {
      c = number.charAt(i);
      if (c == '.' || c == 'e' || c == 'E') {
        throw numberWrong(number, "is not written as a whole number", remedy);
      }
    }
    return number.equals("-0") ? "0" : number;
  }

  /** Passes over the value that is next, whatever it is. */
  public void skip() {
    switch (next()) {
      case '{' -> {
        object();
        while (field() != null) {
          skip();
        }
      }
      case '[' -> {
        array("");
        while (element()) {
          skip();
        }
      }
      case '"' -> in.string();
      case 't' -> in.word("true");
      case 'f' -> in.word("false");
      case 'n' -> in.word("null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> in.number();
      default -> throw in.unexpected("a value");
    }
  }

  /** Checks that nothing follows the value that was read. */
  public void end() {
    if (in.next() >= 0) {
      throw in.unexpected("the end of the document");
    }
  }

  /** The offset of the value of {@code wanted} in what is next; -1 if there is none. */
  int find(String wanted) {
    var here = here();
    if (here.path().equals(wanted)) {
      return here.offset();
    }
    int found = -1;
    switch (in.next()) {
      case '{' -> {
        object();
        while (found < 0 && field() != null) {
          found = find(wanted);
        }
      }
      case '[' -> {
        array("");
        while (found < 0 && element()) {
          found = find(wanted);
        }
      }
      default -> skip();
    }
    return found;
  }

  /** Where the next value is. */
  public JsonPlace here() {
    in.next();
    return new JsonPlace(path(), in.offset());
  }

  /** The path of the value that is being read, such as {@code linux.devices[2].path}. */
  public String path() {
    var path = new StringBuilder();
    if (frame != null) {
      frame.path(path);
    }
    return path.toString();
  }

  /** The string that was read last is not what it should be. */
  public BadRequest wrong(String value, String fault, String remedy) {
    return wrong(new JsonPlace(path(), begin), JsonPlace.shown(value), fault, remedy);
  }

  /** The number that was read last is below {@code least}. */
  public BadRequest below(long value, long least, String remedy) {
    return numberWrong(Long.toString(value), "is below " + least, remedy);
  }

  /** What is at {@code place} is not what it should be: {@code shown fault; write remedy}. */
  public BadRequest wrong(JsonPlace place, String shown, String fault, String remedy) {
    return new BadRequest(
        (place.path().isEmpty() ? "" : place.path() + ": ")
            + shown
            + " "
            + fault
            + "; write "
            + remedy
            + JsonPlace.line(text, place.offset()));
  }

  /** What is at {@code place} cannot be: {@code sentence; line 2, column 7}. */
  public BadRequest refused(JsonPlace place, String sentence) {
    return new BadRequest(
        (place.path().isEmpty() ? "" : place.path() + ": ")
            + sentence
            + JsonPlace.line(text, place.offset()));
  }

  private BadRequest numberWrong(String digits, String fault, String remedy) {
    return wrong(new JsonPlace(path(), begin), JsonPlace.cut(digits), fault, remedy);
  }

  private BadRequest wrongType(String fault, String remedy) {
    var place = here();
    int c = in.next();
    var shown =
        switch (c) {
          case '{' -> "an object";
          case '[' -> "a list";
          case '"' -> JsonPlace.shown(in.string());
          case 't', 'f' -> bool() ? "true" : "false";
          case 'n' -> "null";
          default -> {
            if (c != '-' && (c < '0' || c > '9')) {
              throw in.unexpected("a value");
            }
            yield JsonPlace.cut(in.number());
          }
        };
    return wrong(place, shown, fault, remedy);
  }

  private BadRequest broken(int offset, String what) {
    var path = path();
    return new BadRequest(
        (path.isEmpty() ? "" : path + ": ")
            + "the document "
            + what
            + JsonPlace.line(text, offset));
  }

  private int next() {
    int c = in.next();
    begin = in.offset();
    return c;
  }

  private void enter(boolean array) {
    in.advance();
    frame = new Frame(frame, array);
    if (frame.depth > DEEPEST) {
      throw broken(begin, "is nested deeper than " + DEEPEST + " objects and lists");
    }
  }

  private Frame inside() {
    if (frame == null) {
      throw new IllegalStateException("no object or array was begun");
    }
    return frame;
  }

  /** Passes the comma before a further member, or the end of the object or array. */
  private boolean another(Frame inside, char closing) {
    boolean first = ++inside.index == 0;
    int c = in.next();
    if (c == closing) {
      in.advance();
      frame = inside.outer;
      return false;
    }
    if (first) {
      return true;
    }
    if (c != ',') {
      throw in.unexpected("a comma or " + closing);
    }
    in.advance();
    return true;
  }
}
