package bailey.oci.config;

import bailey.core.error.BadRequest;
import bailey.core.error.ContainerException;
import bailey.core.error.NotPossibleHere;
import bailey.oci.json.JsonPlace;
import bailey.oci.json.JsonReader;
import java.util.ArrayList;
import java.util.Objects;

/**
 * Reads the documents of an OCI runtime. A document that is wrong in itself is refused by a {@link
 * bailey.core.error.BadRequest} whose sentence has the JSON path, what is there, what is allowed,
 * line and column: {@code linux.resources.memory.limit: -5 is below -1; write a number of bytes, or
 * -1 for no limit; line 61, column 18}. Nothing else is ever thrown, whatever the bytes. Unknown
 * fields are ignored (spec.md, Extensibility); one that asks for something that no Linux or bailey
 * has is refused by name.
 */
public final class OciReader {
  private OciReader() {}

  /** Reads a config.json. */
  public static OciConfig config(byte[] document) {
    var in = new JsonReader(document);
    var config = new ConfigReader(in).config();
    in.end();
    return config;
  }

  /** Reads what {@code exec --process} names: {@code process} alone. */
  public static OciProcess process(byte[] document) {
    var in = new JsonReader(document);
    var process = new ProcessReader(in, new ArrayList<>()).process();
    in.end();
    return process;
  }

  /**
   * An error about a field that was found after reading, with the line of that field: one whose
   * sentence begins with the path of a value in {@code document}, as {@code
   * linux.resources.memory.swap: ...}. Any other is given back as it is.
   *
   * @param document that was read before
   */
  public static BadRequest located(byte[] document, BadRequest error) {
    var place = place(document, error);
    return place.isEmpty() ? error : new BadRequest(error.getMessage() + place, error);
  }

  /** The same of what this machine cannot do. */
  public static NotPossibleHere located(byte[] document, NotPossibleHere error) {
    var place = place(document, error);
    return place.isEmpty() ? error : new NotPossibleHere(error.getMessage() + place, error);
  }

  /** {@code ; line 61, column 18}, or nothing. */
  private static String place(byte[] document, ContainerException error) {
    var sentence = Objects.requireNonNullElse(error.getMessage(), "");
    int colon = sentence.indexOf(": ");
    if (colon < 1 || sentence.contains("; line ")) {
      return "";
    }
    return JsonPlace.of(document, sentence.substring(0, colon)).map("; "::concat).orElse("");
  }

  /** Reads what {@code update --resources} names: {@code linux.resources} alone. */
  public static OciResources resources(byte[] document) {
    var in = new JsonReader(document);
    var resources = ResourcesReader.resources(in);
    in.end();
    return resources;
  }
}
