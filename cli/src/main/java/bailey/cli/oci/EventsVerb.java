package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.command.Durations;
import bailey.cli.syntax.CommandSyntax;
import bailey.core.error.NoSuchContainer;
import bailey.oci.output.OciState.Status;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells what a container uses. */
final class EventsVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci events", "tells what a container uses")
        .description(
            "Prints what a container uses as a line of JSON, once with --stats, else again and"
                + " again until it has ended.")
        .arguments("ID", 1, 1)
        .group(
            "Options",
            flag("stats", "once only"),
            value("interval", "TIME", "5s", "time between two lines; 5s unless given"))
        .example("bailey oci events --stats web", "what it uses now")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    call.output().line(call.runtime().stats(call.id()));
    if (call.has("stats")) {
      return 0;
    }
    var interval = Durations.parse("--interval", call.value("interval", "5s"));
    try {
      while (runsAfter(call, interval)) {
        call.output().line(call.runtime().stats(call.id()));
      }
      return 0;
    } catch (InterruptedException _) {
      return 1;
    }
  }

  private static boolean runsAfter(VerbCall call, Duration interval) throws InterruptedException {
    call.output().flush();
    if (new CountDownLatch(1).await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
      return false; // nobody counts it down: Ctrl-C ends the process
    }
    try {
      return call.runtime().state(call.id()).state().status() != Status.STOPPED;
    } catch (NoSuchContainer _) {
      return false;
    }
  }
}
