package bailey.cli.syntax;

import java.util.List;

/**
 * An option of a command.
 *
 * @param name the long name, without the hyphens
 * @param letter the short name; {@code '\0'} for none
 * @param value what is shown for its value, such as {@code SIZE}; empty if it has none
 * @param help what it does, a sentence without its full stop; empty if it is not for users
 * @param example a value, shown where one is missing; empty if it has none
 * @param repeated whether it may be given more than once
 * @param aliases further long names, known from other container tools, not shown in the help
 * @param completes what a shell offers for the value
 */
public record OptionSyntax(
    String name,
    char letter,
    String value,
    String help,
    String example,
    boolean repeated,
    List<String> aliases,
    Completes completes) {
  /** Copies. */
  public OptionSyntax {
    aliases = List.copyOf(aliases);
  }

  /** An option without a value. */
  public static OptionSyntax flag(String name, String help) {
    return new OptionSyntax(name, '\0', "", help, "", false, List.of(), Completes.NOTHING);
  }

  /** An option that bailey gives to itself: no help, no completion and no hint shows it. */
  public static OptionSyntax internal(String name) {
    return flag(name, "");
  }

  /** An option with a value, such as {@code --name NAME}. */
  public static OptionSyntax value(String name, String value, String example, String help) {
    return new OptionSyntax(name, '\0', value, help, example, false, List.of(), Completes.NOTHING);
  }

  /** This with a short name. */
  public OptionSyntax letter(char c) {
    return new OptionSyntax(name, c, value, help, example, repeated, aliases, completes);
  }

  /** This, to be given any number of times. */
  public OptionSyntax many() {
    return new OptionSyntax(name, letter, value, help, example, true, aliases, completes);
  }

  /** This under further names. */
  public OptionSyntax also(String... names) {
    return new OptionSyntax(
        name, letter, value, help, example, repeated, List.of(names), completes);
  }

  /** This with words for its value that a shell can offer. */
  public OptionSyntax completing(Completes words) {
    return new OptionSyntax(name, letter, value, help, example, repeated, aliases, words);
  }

  /** Whether it is for users. */
  public boolean shown() {
    return !help.isEmpty();
  }

  /** Whether it has a value. */
  public boolean hasValue() {
    return !value.isEmpty();
  }

  /** As one writes it: {@code --name}. */
  public String written() {
    return "--" + name;
  }
}
