package bailey.cli.syntax;

import bailey.core.error.BadRequest;
import bailey.core.error.CloseMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;

/**
 * Parses the arguments of one command by Apache Commons CLI, without abbreviations and without
 * touching values, and words each mistake as one sentence.
 */
public final class ArgumentParser {
  /** What every command has. */
  public static final OptionSyntax HELP = OptionSyntax.flag("help", "Shows this help").letter('h');

  private final CommandSyntax syntax;
  private final List<String> arguments;
  private final Options options = new Options();

  /** By each long name, also aliases. */
  private final Map<String, OptionSyntax> byName = new LinkedHashMap<>();

  private ArgumentParser(CommandSyntax syntax, List<String> arguments) {
    this.syntax = syntax;
    this.arguments = arguments;
    for (var option : syntax.options()) {
      add(option);
    }
    add(HELP);
  }

  private void add(OptionSyntax option) {
    options.addOption(option(option, option.name(), option.letter()));
    byName.put(option.name(), option);
    for (var alias : option.aliases()) {
      options.addOption(option(option, alias, '\0'));
      byName.put(alias, option);
    }
  }

  private static Option option(OptionSyntax syntax, String name, char letter) {
    return new Option(
        letter == '\0' ? null : Character.toString(letter), name, syntax.hasValue(), syntax.help());
  }

  /**
   * Parses what follows the command's name.
   *
   * @throws BadRequest for an option that is unknown, lacks its value, has one that it does not
   *     take or is given twice, and for too few or too many arguments
   */
  public static Parsed parse(CommandSyntax syntax, List<String> arguments) {
    return new ArgumentParser(syntax, arguments).parse();
  }

  private Parsed parse() {
    var given = new ArrayList<Parsed.Given>();
    var line = line();
    for (var option : line.getOptions()) {
      var known = known(option.getLongOpt());
      given.add(new Parsed.Given(known.name(), known.hasValue() ? option.getValue() : ""));
    }
    var parsed = new Parsed(syntax, given, line.getArgList());
    if (!parsed.has(HELP.name())) {
      refuseRepetition(parsed);
      refuseCount(parsed);
    }
    return parsed;
  }

  private OptionSyntax known(String name) {
    var option = byName.get(name);
    if (option == null) {
      throw new IllegalArgumentException(name);
    }
    return option;
  }

  private CommandLine line() {
    boolean first = syntax.order() == CommandSyntax.Order.FIRST;
    var parser =
        DefaultParser.builder()
            .setAllowPartialMatching(false)
            .setStripLeadingAndTrailingQuotes(false)
            .get();
    try {
      var line = parser.parse(options, arguments.toArray(new String[0]), first);
      if (first) {
        refuseOptionTakenForArgument(line.getArgList());
      }
      return line;
    } catch (MissingArgumentException e) {
      throw missing(known(e.getOption().getLongOpt()));
    } catch (UnrecognizedOptionException e) {
      throw unknown(e.getOption());
    } catch (ParseException e) {
      throw new BadRequest(syntax.name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Where parsing stops at the first argument, an unknown option is one for Commons CLI, and of
   * {@code -dx} with an unknown {@code x} the rest is. Only after {@code --} it really is one.
   */
  private void refuseOptionTakenForArgument(List<String> rest) {
    int at = arguments.size() - rest.size();
    if (rest.isEmpty() || (at > 0 && arguments.get(at - 1).equals("--"))) {
      return;
    }
    String argument = arguments.get(at);
    if (argument.length() > 1 && argument.startsWith("-")) {
      throw unknown(argument);
    }
  }

  private void refuseRepetition(Parsed parsed) {
    Set<String> seen = new HashSet<>();
    for (var given : parsed.options()) {
      if (!seen.add(given.name()) && !known(given.name()).repeated()) {
        throw new BadRequest("--" + given.name() + " is given twice; leave one of them out");
      }
    }
  }

  private void refuseCount(Parsed parsed) {
    int count = parsed.arguments().size();
    if (count >= syntax.least() && count <= syntax.most()) {
      return;
    }
    String what =
        count > syntax.most()
            ? "\"" + parsed.arguments().get(syntax.most()) + "\" is one argument too many"
            : count == 0 ? "an argument is missing" : "one more argument is needed";
    throw new BadRequest(syntax.name() + ": " + what + "; write " + HelpText.usage(syntax));
  }

  private static BadRequest missing(OptionSyntax option) {
    return new BadRequest(
        option.written()
            + " needs a value; write for example "
            + option.written()
            + " "
            + option.example());
  }

  /** {@code token} is the whole argument, such as {@code --memroy=64M} or {@code -qx}. */
  private BadRequest unknown(String token) {
    int equals = token.indexOf('=');
    String written = equals < 0 ? token : token.substring(0, equals);
    boolean isLong = written.startsWith("--");
    var option = isLong ? byName.get(written.substring(2)) : byLetter(written.charAt(1));
    if (isLong && option != null) {
      return new BadRequest(written + " takes no value; write " + written);
    }
    if (option != null && option.hasValue()) {
      return new BadRequest(
          "-"
              + option.letter()
              + ": the value in "
              + token
              + " is not clear; write -"
              + option.letter()
              + " "
              + token.substring(2));
    }
    String near = isLong ? CloseMatch.question(written.substring(2), "--", shown()) : "";
    return new BadRequest(
        syntax.name()
            + " has no option "
            + written
            + (near.isEmpty() ? "; bailey help " + syntax.name() + " lists those it has" : near));
  }

  private List<String> shown() {
    var names = new ArrayList<String>();
    for (var name : byName.keySet()) {
      if (known(name).shown()) {
        names.add(name);
      }
    }
    return names;
  }

  private @Nullable OptionSyntax byLetter(char letter) {
    for (var option : byName.values()) {
      if (option.letter() == letter) {
        return option;
      }
    }
    return null;
  }
}
