package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.error.BadRequest;
import bailey.core.spec.CapabilitySet;
import bailey.oci.config.OciProcess;
import bailey.oci.config.OciReader;
import bailey.oci.runtime.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a further process in a container. */
final class ExecVerb implements Verb {
  private static final int FAILED = 255;

  @Override
  public int failed() {
    return FAILED;
  }

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci exec", "runs a further process in a container")
        .description(
            "Runs a further process in a container: what --process describes, or COMMAND with what"
                + " the container's own process is where options do not say otherwise. Ends with"
                + " its status; with --detach as soon as it runs.")
        .arguments("ID [COMMAND [ARGUMENT...]]", 1, Integer.MAX_VALUE)
        .optionsFirst()
        .group(
            "What it is",
            value("process", "FILE", "process.json", "describes it, as process of config.json does")
                .letter('p')
                .completing(Completes.FILE),
            value("cwd", "DIR", "/tmp", "its working directory"),
            value("env", "NAME=VALUE", "LANG=C", "a variable").letter('e').many(),
            flag("tty", "gives it a terminal").letter('t'),
            value("user", "UID[:GID]", "1000:1000", "whom it runs as").letter('u'),
            value("additional-gids", "GID", "1000", "a further group").letter('g').many(),
            value("process-label", "LABEL", "user_u:user_r:t", "its SELinux label"),
            value("apparmor", "PROFILE", "profile", "its AppArmor profile"),
            flag("no-new-privs", "set-user-id bits are without effect"),
            value("cap", "CAPABILITY", "CAP_NET_ADMIN", "a capability in addition")
                .letter('c')
                .many())
        .groups(List.of(StartOptions.group()))
        .group(
            "Running",
            flag("detach", "leaves it to itself").letter('d'),
            flag("ignore-paused", "has no effect on what is not paused"),
            value(
                    "cgroup",
                    "PATH",
                    "sub",
                    "group below the container's that it is to be in, where"
                        + " there is one; CONTROLLER,...:PATH in these hierarchies only")
                .many())
        .example("bailey oci exec -t web sh", "a shell in it")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    var command = call.arguments().subList(1, call.arguments().size());
    if (command.isEmpty() && !call.has("process")) {
      throw new BadRequest("exec: there is no command; write exec ID COMMAND, or give --process");
    }
    var attachment = call.has("detach") ? Attachment.DETACHED : Attachment.FOREGROUND;
    var _ =
        call.runtime()
            .exec(
                call.id(),
                new Asked(call, command),
                all(call, "cgroup"),
                StartOptions.read(call, attachment));
    return 0;
  }

  private record Asked(VerbCall call, List<String> command) implements OciRuntime.ExecAsked {
    @Override
    public OciProcess of(@Nullable OciProcess own) {
      return process(call, own, command);
    }

    @Override
    public boolean isInCall() {
      return !call.has("process");
    }
  }

  private static List<String> all(VerbCall call, String option) {
    return call.parsed().options().stream()
        .filter(given -> given.name().equals(option))
        .map(given -> given.value())
        .toList();
  }

  private static OciProcess process(VerbCall call, @Nullable OciProcess own, List<String> command) {
    if (call.has("process")) {
      var file = call.path(call.value("process", ""));
      return OciReader.process(read(file));
    }
    if (own == null) {
      throw new BadRequest("exec: the container has no process of its own; give --process");
    }
    var environment = new ArrayList<>(own.env());
    for (var given : call.parsed().options()) {
      if (given.name().equals("env")) {
        String name = given.value().substring(0, given.value().indexOf('=') + 1);
        environment.removeIf(variable -> !name.isEmpty() && variable.startsWith(name));
        environment.add(given.value());
      }
    }
    return new OciProcess(
        call.has("tty"),
        own.consoleSize(),
        user(call, own.user()),
        command,
        environment,
        call.value("cwd", own.cwd()),
        capabilities(call, own.capabilities()),
        own.rlimits(),
        own.noNewPrivileges() || call.has("no-new-privs"),
        call.has("apparmor") ? call.value("apparmor", "") : own.apparmorProfile(),
        call.has("process-label") ? call.value("process-label", "") : own.selinuxLabel(),
        own.oomScoreAdj(),
        own.scheduler(),
        own.ioPriority(),
        own.execCpuAffinity());
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadRequest(
          "--process: " + file + " cannot be read: " + e.getMessage() + "; name another file", e);
    }
  }

  private static OciProcess.User user(VerbCall call, OciProcess.User own) {
    long uid = own.uid();
    long gid = own.gid();
    if (call.has("user")) {
      String text = call.value("user", "");
      int colon = text.indexOf(':');
      uid = id("--user", colon < 0 ? text : text.substring(0, colon));
      gid = colon < 0 ? gid : id("--user", text.substring(colon + 1));
    }
    var groups = new ArrayList<>(own.additionalGids());
    for (var given : call.parsed().options()) {
      if (given.name().equals("additional-gids")) {
        groups.add(id("--additional-gids", given.value()));
      }
    }
    return new OciProcess.User(uid, gid, own.umask(), groups);
  }

  private static long id(String option, String text) {
    try {
      long id = Long.parseLong(text);
      if (id >= 0 && id <= 0xfffffffeL) {
        return id;
      }
    } catch (NumberFormatException _) { // said below
    }
    throw new BadRequest(option + ": " + text + " is no id; write a number, for example 1000");
  }

  private static OciProcess.@Nullable Capabilities capabilities(
      VerbCall call, OciProcess.@Nullable Capabilities own) {
    long more = 0;
    for (var given : call.parsed().options()) {
      if (given.name().equals("cap")) {
        more |= CapabilitySet.parse(given.value()).mask();
      }
    }
    if (more == 0) {
      return own;
    }
    var none = new CapabilitySet(0);
    var had = own == null ? new OciProcess.Capabilities(none, none, none, none, none) : own;
    return new OciProcess.Capabilities(
        new CapabilitySet(had.bounding().mask() | more),
        new CapabilitySet(had.effective().mask() | more),
        had.inheritable(),
        new CapabilitySet(had.permitted().mask() | more),
        had.ambient());
  }
}
