package bailey.core.container;

import bailey.core.error.BadRequest;
import bailey.core.spec.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Several numbers, one blank apart, each from 0 to a largest one.
 *
 * @param names what each is, for errors
 * @param most the largest value of each
 * @param example one for the help text
 */
public record Numbers(List<String> names, List<Long> most, String example) implements ValueFormat {
  /** Copies. */
  public Numbers {
    names = List.copyOf(names);
    most = List.copyOf(most);
    if (names.size() != most.size()) {
      throw new IllegalArgumentException(names + " have " + most.size() + " limits");
    }
  }

  @Override
  public String canonical(String control, String text) {
    var words = text.split("[ \t]+", -1);
    if (words.length != names.size()) {
      throw Malformed.value(control, text, "is not " + names.size() + " numbers", help());
    }
    var numbers = new ArrayList<String>();
    for (int i = 0; i < words.length; i++) {
      var one = Amount.between(0, most.get(i));
      try {
        numbers.add(one.canonical(control, words[i]));
      } catch (BadRequest _) {
        throw Malformed.range(
            control,
            text,
            "has a " + names.get(i) + " that is not from 0 to " + most.get(i),
            help());
      }
    }
    return String.join(" ", numbers);
  }

  @Override
  public Optional<String> lower(String a, String b) {
    var first = a.split(" ", -1);
    var second = b.split(" ", -1);
    var lower = new ArrayList<String>();
    for (int i = 0; i < names.size(); i++) {
      lower.add(Long.toString(Math.min(Long.parseLong(first[i]), Long.parseLong(second[i]))));
    }
    return Optional.of(String.join(" ", lower));
  }

  @Override
  public String help() {
    return String.join(", ", names) + ", for example " + example;
  }
}
