package bailey.oci.json;

import bailey.core.error.BadRequest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
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
 */
public final class JsonReader {
  /** The most bytes of a document; Linux takes at most 6 MiB of arguments and environment. */
  public static final int LONGEST = 16 << 20;

  /** The most objects and arrays in each other; a configuration has 8. */
  public static final int DEEPEST = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(LONGEST)
                  .maxNumberLength(LONGEST)
                  .maxNameLength(LONGEST)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final String text;
  private final JsonParser in;

  /** Whether the parser's token is still to be read. */
  private boolean peeked;

  /** Where the value begins that was read last. */
  private int begin;

  private @Nullable Frame frame;

  /** An object or array that it is in. */
  private static final class Frame {
    final @Nullable Frame outer;
    final int depth;
    final boolean array;
    final Set<String> names = new HashSet<>();
    int index = -1;
    @Nullable String name;

    Frame(@Nullable Frame outer, boolean array) {
      this.outer = outer;
      this.array = array;
      depth = outer == null ? 1 : outer.depth + 1;
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

  /** A reader of {@code document}. */
  public JsonReader(byte[] document) {
    if (document.length > LONGEST) {
      throw new BadRequest(
          "the document has " + document.length + " bytes; at most " + LONGEST + " are read");
    }
    text = decoded(document);
    if (text.startsWith("\ufeff")) {
      throw broken(0, "begins with a byte order mark; save it as UTF-8 without one");
    }
    try {
      in = FACTORY.createParser(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // text does not fail
    }
  }

  /** Not the parser's own decoding, which guesses other encodings and takes what is no UTF-8. */
  private String decoded(byte[] document) {
    var bytes = ByteBuffer.wrap(document);
    var characters = CharBuffer.allocate(document.length);
    var decoder = StandardCharsets.UTF_8.newDecoder();
    if (decoder.decode(bytes, characters, true).isError()) {
      var good = characters.flip().toString();
      throw new BadRequest("the document is not UTF-8 here" + JsonPlace.line(good, good.length()));
    }
    return characters.flip().toString();
  }

  /** Begins the object that is next. */
  public void object() {
    if (next() != JsonToken.START_OBJECT) {
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
    while (peek() != JsonToken.END_OBJECT) {
      var name = name(object);
      if (peek() != JsonToken.VALUE_NULL) {
        return name;
      }
      peeked = false;
    }
    leave(object);
    return null;
  }

  private String name(Frame object) {
    int at = offset();
    var name = characters();
    peeked = false;
    object.name = name;
    if (!object.names.add(name)) {
      throw new BadRequest(
          path() + ": this name is given twice; keep one of them" + JsonPlace.line(text, at));
    }
    return name;
  }

  /** Begins the array that is next. {@code remedy} says what is to be written here. */
  public void array(String remedy) {
    if (next() != JsonToken.START_ARRAY) {
      throw wrongType("is not a list", remedy);
    }
    enter(true);
  }

  /** Whether the array has a further element, which is then to be read or skipped. */
  public boolean element() {
    var array = inside();
    array.index++;
    if (peek() != JsonToken.END_ARRAY) {
      return true;
    }
    leave(array);
    return false;
  }

  /** The string that is next, without NUL. {@code remedy} says what is to be written here. */
  public String string(String remedy) {
    if (next() != JsonToken.VALUE_STRING) {
      throw wrongType("is not a string", remedy);
    }
    var string = characters();
    peeked = false;
    if (string.indexOf('\0') >= 0) {
      throw wrong(string, "has a NUL in it, where the kernel ends a string", remedy);
    }
    return string;
  }

  /** The index in {@code words} of the string that is next, which must be one of them. */
  public int word(String... words) {
    if (next() == JsonToken.VALUE_STRING) {
      var word = characters();
      for (int i = 0; i < words.length; i++) {
        if (words[i].equals(word)) {
          peeked = false;
          return i;
        }
      }
    }
    var remedy = "one of " + String.join(", ", words);
    throw wrong(string(remedy), "is not known", remedy);
  }

  /** The boolean that is next. */
  public boolean bool() {
    var token = next();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw wrongType("is not a boolean", "true or false");
    }
    peeked = false;
    return token == JsonToken.VALUE_TRUE;
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
    var token = next();
    if (!token.isNumeric()) {
      throw wrongType("is not a number", remedy);
    }
    var number = characters();
    peeked = false;
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw numberWrong(number, "is not written as a whole number", remedy);
    }
    return number.equals("-0") ? "0" : number;
  }

  /** Passes over the value that is next, whatever it is. */
  public void skip() {
    switch (next()) {
      case START_OBJECT -> {
        object();
        while (field() != null) {
          skip();
        }
      }
      case START_ARRAY -> {
        array("");
        while (element()) {
          skip();
        }
      }
      default -> {
        var _ = characters();
        peeked = false;
      }
    }
  }

  /** Checks that nothing follows the value that was read. */
  public void end() {
    if (token() != null) {
      throw broken(offset(), "goes on after its end");
    }
  }

  /** The offset of the value of {@code wanted} in what is next; -1 if there is none. */
  int find(String wanted) {
    var here = here();
    if (here.path().equals(wanted)) {
      return here.offset();
    }
    int found = -1;
    switch (next()) {
      case START_OBJECT -> {
        object();
        while (found < 0 && field() != null) {
          found = find(wanted);
        }
      }
      case START_ARRAY -> {
        array("");
        while (found < 0 && element()) {
          found = find(wanted);
        }
      }
      default -> skip();
    }
    return found;
  }

  /** The line and column of an offset. */
  String line(int offset) {
    return JsonPlace.line(text, offset);
  }

  /** Where the next value is. */
  public JsonPlace here() {
    var _ = peek();
    return new JsonPlace(path(), offset());
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
    var shown =
        switch (next()) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "a list";
          case VALUE_STRING -> JsonPlace.shown(characters());
          default -> JsonPlace.cut(characters());
        };
    return wrong(new JsonPlace(path(), begin), shown, fault, remedy);
  }

  private BadRequest broken(int offset, String what) {
    var path = path();
    return new BadRequest(
        (path.isEmpty() ? "" : path + ": ")
            + "the document "
            + what
            + JsonPlace.line(text, offset));
  }

  /** The parser's word for what it cannot read. */
  private BadRequest broken(JsonProcessingException e) {
    int at = (int) e.getLocation().getCharOffset();
    if (e instanceof JsonEOFException) {
      return broken(text.length(), "ends before it is complete");
    }
    var what = e.getOriginalMessage();
    int end = what.indexOf('\n');
    return broken(Math.max(at, 0), "is no JSON here: " + (end < 0 ? what : what.substring(0, end)));
  }

  private @Nullable JsonToken token() {
    try {
      if (!peeked) {
        var _ = in.nextToken();
        peeked = true;
      }
      return in.currentToken();
    } catch (JsonProcessingException e) {
      throw broken(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // text does not fail
    }
  }

  private JsonToken peek() {
    var token = token();
    if (token == null) {
      throw broken(text.length(), "ends before it is complete");
    }
    return token;
  }

  private JsonToken next() {
    var token = peek();
    begin = offset();
    return token;
  }

  private int offset() {
    return token() == null ? text.length() : (int) in.currentTokenLocation().getCharOffset();
  }

  /** A name, a string, or a number as it is written. */
  private String characters() {
    try {
      var characters = in.getText();
      if (hasHalf(characters)) {
        throw broken(offset(), "has half of a surrogate pair, which is no character");
      }
      return characters;
    } catch (JsonProcessingException e) {
      throw broken(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // text does not fail
    }
  }

  private static boolean hasHalf(String characters) {
    for (int i = 0; i < characters.length(); i++) {
      if (Character.isSurrogate(characters.charAt(i))) {
        int whole = characters.codePointAt(i);
        if (Character.isBmpCodePoint(whole)) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private void enter(boolean array) {
    peeked = false;
    frame = new Frame(frame, array);
    if (frame.depth > DEEPEST) {
      throw broken(begin, "is nested deeper than " + DEEPEST + " objects and lists");
    }
  }

  private void leave(Frame inside) {
    peeked = false;
    frame = inside.outer;
  }

  private Frame inside() {
    if (frame == null) {
      throw new IllegalStateException("no object or array was begun");
    }
    return frame;
  }
}
