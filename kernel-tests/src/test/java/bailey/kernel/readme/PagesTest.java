package bailey.kernel.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said of the pages without running anything, and how they are read. */
class PagesTest {
  private static final Path HOME = Path.of(System.getProperty("bailey.home"));
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  @Test
  void theJavaProgramIsThatInTheTree() throws IOException {
    var shown = readme().stream().filter(fence -> fence.language().equals("java")).toList();
    assertThat(shown).hasSize(1);
    assertThat(shown.getFirst().lines())
        .isEqualTo(Files.readAllLines(HOME.resolve("docs/examples/Judge.java")));
  }

  @Test
  void thePictureIsOfTheFirstCommands() throws IOException {
    var commands = readme().getFirst().lines();
    var picture = Files.readString(HOME.resolve("docs/first-run.svg"));
    assertThat(commands).hasSize(2);
    for (var command : commands) {
      assertThat(picture).contains("$ " + command.replace("&", "&amp;").replace("<", "&lt;"));
    }
  }

  private static List<Fence> readme() throws IOException {
    return Fence.all(Files.readString(HOME.resolve("README.md")));
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    var broken = new ArrayList<String>();
    for (var page : pages()) {
      var link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        if (!Files.exists(page.resolveSibling(link.group(1)))) {
          broken.add(HOME.relativize(page) + ": " + link.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<Path>();
    for (var page : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
      pages.add(HOME.resolve(page));
    }
    try (var docs = Files.walk(HOME.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }

  @Test
  void commandsAndOutputAreToldApart() {
    var page =
        """
        text
        ```console
        $ one \\
        >   more
        $ two
        a
        > b
        ```
        <!-- as somebody else -->
        ```java
        class A {}
        ```
        """;
    var fences = Fence.all(page);
    assertThat(fences).extracting(Fence::language).containsExactly("console", "java");
    assertThat(fences).extracting(Fence::reader).containsExactly("", "somebody else");
    assertThat(Exchange.of(fences.getFirst()))
        .containsExactly(
            new Exchange(3, "one \\\n  more", List.of()),
            new Exchange(5, "two", List.of("a", "> b")));
    assertThatThrownBy(() -> Fence.all("```\nno end"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> Exchange.of(new Fence("console", "", 7, List.of("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 7");
  }

  @ParameterizedTest
  @CsvSource({
    "'a b','a b',true",
    "'a b','a  b',true",
    "'a b','ab',false",
    "' a','a',false",
    "'a','a   ',true",
    "'a [...] c','a bb c',true",
    "'a [...] c','a c',false",
    "'a [...] c','a b c d',false",
    "'[...] c','a b c',true",
    "'.*','aa',false",
    "'a|[...]|z','a|z',true",
    "'a|[...]|z','a|b|c|z',true",
    "'a|[...]|z','a|b|c',false",
    "'[...]','',true",
    "'','',true",
    "'','a',false",
    "'a','',false",
    "'a|b','a',false",
    "'a','a|b',false",
  })
  void outputIsComparedByLine(String expected, String output, boolean same) {
    assertThat(new Exchange(1, "c", lines(expected)).shows(lines(output))).isEqualTo(same);
  }

  private static List<String> lines(String joined) {
    return joined.isEmpty() ? List.of() : List.of(joined.split("\\|", -1));
  }
}
