package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * mount(8) and fstab(5) with the type {@code bailey}. They look for their helper in /sbin only,
 * which the script installs in a mount namespace of its own.
 */
class MountHelperTest {
  /** What is made before the script, in the namespace that ends with it. */
  private static final String PREPARED =
      """
      set -u
      there=/mnt
      mount -t tmpfs tmpfs $there
      mkdir $there/up $there/work $there/at $there/state
      chmod 700 $there/state
      mount -t overlay -o lowerdir=/usr/sbin,upperdir=$there/up,workdir=$there/work overlay /usr/sbin
      export BAILEY_STATE=$there/state/bailey BAILEY_SERVE=off
      bailey=$there/bin/bailey
      at=$there/at
      end() {
        umount -l $at 2> /dev/null
        while [ -n "$($bailey mount | tail -n +2)" ]; do sleep 0.1; done
        $bailey hierarchy unmount uts-ipc 2> /dev/null
        $bailey gc > /dev/null
      }
      trap end EXIT
      "$HOME_OF_BAILEY/packaging/install" $there || exit
      """;

  @BeforeEach
  void root() {
    KernelAbility.require(KernelProbe.features().privileged(), "root");
    KernelAbility.require(Files.exists(Path.of("/dev/fuse")), "/dev/fuse");
    assertThat(Bailey.run("version").status()).as("it is built").isZero();
  }

  private static String mounting(String script) {
    var result =
        Bailey.program(
            "",
            List.of("unshare", "--mount", "bash", "-c", PREPARED + script),
            Map.of("HOME_OF_BAILEY", String.valueOf(Bailey.LAUNCHER.getParent())));
    assertThat(result.status()).as(result.out() + result.err()).isZero();
    return result.out() + result.err();
  }

  @Test
  void mountKnowsTheTypeAndUmountEndsIt() {
    assertThat(
            mounting(
                """
                mount -t bailey -o rw,uts,ipc none $at || exit
                findmnt -n -r -o SOURCE,FSTYPE $at
                cat $at/subsystems
                mkdir $at/one && echo made && rmdir $at/one
                (cd $at; umount $at 2>&1 | grep -o 'target is busy')
                umount $at || exit
                while [ -n "$($bailey mount | tail -n +2)" ]; do sleep 0.1; done
                ls $at | wc -l
                """))
        .isEqualTo("none fuse.bailey\nuts\nipc\nmade\ntarget is busy\n0\n");
  }

  @Test
  void fstabMountsItOnce() {
    assertThat(
            mounting(
                """
                echo "none $at bailey defaults,nofail,x-systemd.automount 0 0" > $there/fstab
                mount -a -T $there/fstab || exit
                ls $at
                mount -a -v -T $there/fstab
                """))
        .matches("container.last_error\ndefault\n/mnt/at +: already mounted\n");
  }

  @Test
  void whatTheHelperRefusesIsSaidAndMountsNothing() {
    assertThat(
            mounting(
                """
                mount -t bailey -o nonsense none $at && exit 1
                mount -t bailey -o ro none $at && exit 1
                mount --fake -v -t bailey none $at || exit
                findmnt $at && exit 1
                true
                """))
        .contains("nonsense is no subsystem")
        .contains("the option ro is not for the containers");
  }

  @Test
  void whatWasNotInstalledIsNotTakenAway() {
    assertThat(
            mounting(
                """
                readlink /sbin/mount.bailey
                "$HOME_OF_BAILEY/packaging/install" --remove $there
                ls $there/bin
                echo mine > /sbin/mount.bailey
                "$HOME_OF_BAILEY/packaging/install" $there && exit 1
                cat /sbin/mount.bailey
                bailey="$HOME_OF_BAILEY/bailey"
                """))
        .contains("/bin/mount.bailey\n")
        .contains("mount.bailey is there already and no link to bailey")
        .contains("mine\n");
  }
}
