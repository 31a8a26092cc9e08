package bailey.cli.command;

import bailey.cli.syntax.Completes;
import bailey.cli.syntax.OptionSyntax;
import bailey.core.container.View;
import bailey.core.spec.Malformed;
import java.util.List;
import java.util.Optional;

/** Whose value of a limit is meant: the option {@code --view}. */
final class Views {
  private static final String OPTION = "view";
  private static final List<String> READ = List.of("external", "internal", "effective");
  private static final List<String> WRITTEN = READ.subList(0, 2);

  private Views() {}

  static OptionSyntax read() {
    return OptionSyntax.value(
            OPTION,
            "SIDE",
            "effective",
            "of a limit: external, set from here, the default; internal, set by a guest behind a"
                + " boundary; effective, the lower one")
        .completing(Completes.oneOf(READ));
  }

  static OptionSyntax written() {
    return OptionSyntax.value(
            OPTION,
            "SIDE",
            "internal",
            "of a limit: external, the default, or internal, that of a guest behind a boundary")
        .completing(Completes.oneOf(WRITTEN));
  }

  /** Whose value is asked for; empty: the one that holds. */
  static Optional<View> of(Invocation invocation) {
    return switch (invocation.parsed().value(OPTION, "external")) {
      case "external" -> Optional.of(View.EXTERNAL);
      case "internal" -> Optional.of(View.INTERNAL);
      case "effective" -> Optional.empty();
      case String other ->
          throw Malformed.value(
              "--view", other, "is no side of a container", "one of " + String.join(", ", READ));
    };
  }

  /** Whose value is to be set. */
  static View toSet(Invocation invocation) {
    return switch (invocation.parsed().value(OPTION, "external")) {
      case "external" -> View.EXTERNAL;
      case "internal" -> View.INTERNAL;
      case String other ->
          throw Malformed.value(
              "--view",
              other,
              "is no side whose limit can be set",
              "one of " + String.join(", ", WRITTEN));
    };
  }
}
