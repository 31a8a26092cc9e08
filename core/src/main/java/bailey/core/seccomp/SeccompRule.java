package bailey.core.seccomp;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What happens to some system calls.
 *
 * @param calls their names, as in the manual; one that the policy's architecture lacks is passed
 *     over, so that one list serves them all
 * @param tests all must be true for the rule to apply; none: it always applies
 * @param action what then happens
 * @param reason why the rule is there, for those who read a printed policy
 */
public record SeccompRule(
    List<String> calls, List<ArgTest> tests, SeccompAction action, String reason) {
  /** Keeps its own copies. */
  public SeccompRule {
    calls = List.copyOf(calls);
    tests = List.copyOf(tests);
  }

  /** {@code ALLOW clone where arg0 & 0x7e020000 = 0x0 (reason)}. */
  @Override
  public String toString() {
    var where =
        tests.isEmpty()
            ? ""
            : tests.stream()
                .map(ArgTest::toString)
                .collect(Collectors.joining(" and ", " where ", ""));
    return action + " " + String.join(" ", calls) + where + "  (" + reason + ")";
  }
}
