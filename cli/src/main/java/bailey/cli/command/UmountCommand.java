package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.containerfs.ContainerFs;
import bailey.core.error.BadRequest;

/** Takes the files of containers away. */
final class UmountCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("umount", "takes a mount of bailey mount away")
        .description(
            "Unmounts what bailey mount has mounted at DIR, and ends what serves it. The containers"
                + " stay. Refused while programs have files of it open or are in it, unless --force"
                + " is given: those get errors then.")
        .arguments("DIR", 1, 1, Completes.NOTHING)
        .group("Options", flag("force", "also where it is in use").letter('f'))
        .example("bailey umount /containers", "nobody is served any more")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var directory = invocation.path(invocation.arguments().getFirst());
    if (!ContainerFs.unmount(directory, invocation.has("force"))) {
      throw new BadRequest(
          "umount: nothing is mounted at " + directory + "; bailey mount lists what is");
    }
    return 0;
  }
}
