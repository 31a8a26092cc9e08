package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.spec.IdentityRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsTest {
  private static final Accounts ACCOUNTS =
      new Accounts(
          "/",
          """
          root:x:0:0:root:/root:/bin/bash
          # a comment
          broken:x:y:0:::
          short:x:7
          ann:x:1000:1000:Ann:/home/ann:/bin/sh
          1000:x:2000:2000:a user named like a number::/bin/sh
          """,
          """
          root:x:0:
          ann:x:1000:
          audio:x:29:ann,bob
          video:x:44:bob
          users:x:100:ann
          """);

  @Test
  void aNameBringsItsGroups() {
    assertThat(ACCOUNTS.account("ann"))
        .isEqualTo(
            new Accounts.Account(
                new IdentityRequest(1000, 1000, List.of(29, 100)), "ann", "/home/ann"));
  }

  @ParameterizedTest
  @CsvSource({
    "ann:audio,1000,29,ann",
    "ann:7,1000,7,ann",
    "0,0,0,root",
    "5:6,5,6,''",
    "5,5,5,''",
    "1000,2000,2000,1000",
    "0:users,0,100,root",
    "2147483647:0,2147483647,0,''"
  })
  void namesAndNumbersMayBeMixed(String text, int uid, int gid, String name) {
    var account = ACCOUNTS.account(text);
    assertThat(account.identity()).isEqualTo(new IdentityRequest(uid, gid, List.of()));
    assertThat(account.name()).isEqualTo(name);
  }

  @Test
  void withoutAHomeItIsTheRoot() {
    assertThat(ACCOUNTS.account("5").home()).isEqualTo("/");
    assertThat(ACCOUNTS.account("1000").home()).isEqualTo("/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bob       | --user: bob names a user, "bob", that is not in /etc/passwd; write a name that is, or numbers, for example 1000:1000
          ann:none  | --user: ann:none names a group, "none", that is not in /etc/group; write a name that is, or numbers, for example 1000:1000
          4294967295| --user: 4294967295 names a user, "4294967295", that is not in /etc/passwd; write a name that is, or numbers, for example 1000:1000
          -1        | --user: -1 names a user, "-1", that is not in /etc/passwd; write a name that is, or numbers, for example 1000:1000
          ''        | --user: an empty value names a user, "", that is not in /etc/passwd; write a name that is, or numbers, for example 1000:1000
          ann:      | --user: ann: names a group, "", that is not in /etc/group; write a name that is, or numbers, for example 1000:1000
          """)
  void refuses(String text, String sentence) {
    assertThatThrownBy(() -> ACCOUNTS.account(text))
        .isInstanceOf(BadRequest.class)
        .hasMessage(sentence);
  }

  @Test
  void aRootWithoutAccountsKnowsNumbers(@TempDir Path root) {
    assertThat(Accounts.below(root.toString()).account("5:6").identity())
        .isEqualTo(new IdentityRequest(5, 6, List.of()));
  }

  @Test
  void aLinkOutOfTheRootIsNotFollowed(@TempDir Path root) throws IOException {
    var outside = Files.createDirectories(root.resolve("outside"));
    Files.writeString(outside.resolve("passwd"), "ann:x:1:1:::");
    Files.createDirectories(root.resolve("a"));
    Files.createSymbolicLink(root.resolve("a/etc"), outside);
    refused(root.resolve("a"));
    Files.createDirectories(root.resolve("b/etc"));
    Files.createSymbolicLink(root.resolve("b/etc/passwd"), outside.resolve("passwd"));
    refused(root.resolve("b"));
    Files.createDirectories(root.resolve("c/etc/passwd"));
    refused(root.resolve("c"));
  }

  private static void refused(Path root) {
    assertThatThrownBy(() -> Accounts.below(root.toString()))
        .isInstanceOf(BadRequest.class)
        .hasMessage(
            "--user: %s/etc/passwd is not a plain file; give the user as numbers, UID:GID", root);
  }
}
