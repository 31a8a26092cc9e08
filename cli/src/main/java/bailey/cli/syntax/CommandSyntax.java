package bailey.cli.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * The form of one command.
 *
 * @param name the word after {@code bailey}
 * @param arguments what follows the options, for the help: {@code NAME...}
 * @param summary what it does in a few words, for the list of commands
 * @param description what it does, for its own help; paragraphs divided by empty lines
 * @param groups its options; {@code --help} belongs to every command and is not listed
 * @param examples at least one
 * @param order whether options may follow arguments
 * @param least the least number of arguments
 * @param most the largest number of arguments
 * @param operands what a shell offers for each argument, the last one for all that follow
 */
public record CommandSyntax(
    String name,
    String arguments,
    String summary,
    String description,
    List<OptionGroup> groups,
    List<Example> examples,
    Order order,
    int least,
    int most,
    List<Completes> operands) {
  /** Where options may stand. */
  public enum Order {
    /** Anywhere before {@code --}. */
    ANYWHERE,
    /** Before the first argument: what follows belongs to a program that is run. */
    FIRST
  }

  /** Copies. */
  public CommandSyntax {
    groups = List.copyOf(groups);
    examples = List.copyOf(examples);
    operands = List.copyOf(operands);
  }

  /** All options, in the order of the help, also those that it does not show. */
  public List<OptionSyntax> options() {
    var all = new ArrayList<OptionSyntax>();
    for (var group : groups) {
      all.addAll(group.options());
    }
    return all;
  }

  /** Starts a syntax, with no options, no arguments and options anywhere. */
  public static Builder of(String name, String summary) {
    return new Builder(name, summary);
  }

  /** Builds a syntax. Not for use by several threads. */
  public static final class Builder {
    private final String name;
    private final String summary;
    private String arguments = "";
    private String description = "";
    private final List<OptionGroup> groups = new ArrayList<>();
    private final List<Example> examples = new ArrayList<>();
    private Order order = Order.ANYWHERE;
    private int least;
    private int most;
    private List<Completes> operands = List.of();

    private Builder(String name, String summary) {
      this.name = name;
      this.summary = summary;
    }

    /** What it does, in paragraphs. */
    public Builder description(String text) {
      description = text;
      return this;
    }

    /** Its arguments: how they are shown, how many, and what a shell offers for each. */
    public Builder arguments(String shown, int fewest, int largest, Completes... offered) {
      arguments = shown;
      least = fewest;
      most = largest;
      operands = List.of(offered);
      return this;
    }

    /** Options belong before the first argument. */
    public Builder optionsFirst() {
      order = Order.FIRST;
      return this;
    }

    /** A group of options. */
    public Builder group(String title, OptionSyntax... options) {
      groups.add(OptionGroup.of(title, options));
      return this;
    }

    /** Its containers may be those of another hierarchy. */
    public Builder inHierarchy() {
      groups.add(
          OptionGroup.of(
              "Where",
              OptionSyntax.value(
                      "hierarchy", "NAME", "jobs", "containers of that hierarchy; else of default")
                  .letter('H')));
      return this;
    }

    /** An option that is not for users. */
    public Builder internal(String option) {
      groups.add(OptionGroup.of("", OptionSyntax.internal(option)));
      return this;
    }

    /** Groups of options. */
    public Builder groups(List<OptionGroup> more) {
      groups.addAll(more);
      return this;
    }

    /** An example. */
    public Builder example(String command, String meaning) {
      examples.add(new Example(command, meaning));
      return this;
    }

    /** The syntax. */
    public CommandSyntax build() {
      return new CommandSyntax(
          name, arguments, summary, description, groups, examples, order, least, most, operands);
    }
  }
}
