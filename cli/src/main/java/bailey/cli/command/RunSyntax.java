package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.cli.syntax.OptionGroup;
import java.util.ArrayList;
import java.util.List;

/** The options that say what a container is to be, where Docker has the same under its names. */
final class RunSyntax {
  private static final Completes KINDS =
      Completes.oneOf("pid", "mnt", "uts", "ipc", "net", "user", "cgroup", "time");

  private RunSyntax() {}

  static CommandSyntax syntax() {
    return CommandSyntax.of("run", "runs a command in a new container")
        .description(
            "Runs COMMAND in a container of its own and ends with its exit status. The container"
                + " has namespaces of its own (processes, mounts, host name, IPC, network, control"
                + " groups), sees this machine's root copy-on-write, without its secrets, and what"
                + " it writes vanishes with it, except below a --bind.\n\n"
                + "Exit status: that of COMMAND; 128+N if signal N killed it; 125 if bailey failed,"
                + " 126 if COMMAND cannot be executed, 127 if it was not found.")
        .arguments("[--] COMMAND [ARGUMENT...]", 1, Integer.MAX_VALUE, Completes.PROGRAM)
        .optionsFirst()
        .groups(groups())
        .inHierarchy()
        .example(
            "bailey run --memory 64M --pids 32 -- sh -c 'hostname; id; ps; ls /'",
            "look around in a container with limits")
        .example("bailey run -it -- bash", "a shell")
        .example(
            "bailey run --timeout 10s --bind \"$PWD:/work:ro\" -w /work -- python3 job.py",
            "someone else's program, on a folder that it cannot change")
        .example(
            "bailey run -d --name web --net host -- python3 -m http.server",
            "a service in the background; see it with bailey ls, end it with bailey kill")
        .build();
  }

  static List<OptionGroup> groups() {
    return List.of(container(), limits(), files(), process(), security(), namespaces());
  }

  private static OptionGroup container() {
    return OptionGroup.of(
        "Container",
        value("name", "NAME", "web", "its name; with slashes, inside of others: ci/job-42"),
        value("hostname", "NAME", "web", "its host name; otherwise its name"),
        flag("detach", "starts it in the background and prints its name").letter('d'),
        flag("rm", "with --detach: keeps nothing but its report when it ends"),
        value("log", "FILE", "/tmp/web.log", "with --detach: appends its output to FILE")
            .completing(Completes.FILE),
        flag("boundary", "lets it make containers in it, of which it is the root"),
        flag("report", "tells at the end why it ended and what it used"));
  }

  private static OptionGroup limits() {
    var all = new ArrayList<>(groupLimits().options());
    all.add(
        value("rlimit", "NAME=SOFT[:HARD]", "nofile=1024:4096", "a limit for each process")
            .many()
            .also("ulimit"));
    all.add(value("timeout", "TIME", "30s", "kills everything in it after this time"));
    return new OptionGroup("Limits", all);
  }

  /** The limits of a container as a whole. */
  static OptionGroup groupLimits() {
    return OptionGroup.of(
        "Limits",
        value("memory", "SIZE", "64M", "most memory; beyond it, the kernel kills in it")
            .letter('m'),
        value("pids", "NUMBER", "32", "most processes and threads").also("pids-limit"),
        value("cpus", "NUMBER", "0.5", "most CPU time, in CPUs: 0.5 is half of one"),
        value("cpuset-cpus", "LIST", "0-3", "the CPUs that it may use"),
        value("set", "CONTROL=VALUE", "cpu.weight=50", "a control file, as bailey get lists them")
            .many());
  }

  private static OptionGroup files() {
    return OptionGroup.of(
        "Files",
        value("root", "DIRECTORY", "/srv/debian", "its root, instead of this machine's")
            .completing(Completes.DIRECTORY),
        flag("read-only", "its root cannot be written"),
        value("bind", "SOURCE:PATH[:ro]", "/srv/data:/data:ro", "shows a file or folder inside")
            .letter('v')
            .many()
            .also("volume")
            .completing(Completes.FILE),
        value("proc", "KIND", "view", "view: /proc shows its own memory, CPUs, load; host: all")
            .completing(Completes.oneOf("view", "host")),
        value("tmpfs", "PATH[:SIZE]", "/tmp:100M", "an empty folder in memory").many(),
        value("reveal", "PATH", "/root", "shows a secret of this machine, hidden otherwise")
            .many()
            .completing(Completes.FILE));
  }

  private static OptionGroup process() {
    var all = new ArrayList<>(execOptions().options());
    all.add(flag("clean-env", "starts from PATH, HOME and TERM, not from this environment"));
    all.add(flag("init", "process 1 is bailey's, which reaps and forwards signals: the default"));
    all.add(flag("no-init", "process 1 is COMMAND"));
    return new OptionGroup("Process", all);
  }

  /** What can be said of any command, also a further one in a container. */
  static OptionGroup execOptions() {
    return OptionGroup.of(
        "Process",
        value("user", "USER[:GROUP]", "1000:1000", "who COMMAND runs as: names or numbers")
            .letter('u')
            .completing(Completes.USER),
        value("workdir", "PATH", "/work", "its working directory inside; otherwise this one, or /")
            .letter('w'),
        value("env", "NAME[=VALUE]", "LANG=C", "sets a variable, or copies one from here")
            .letter('e')
            .many(),
        flag("tty", "a terminal of its own").letter('t'),
        flag("interactive", "accepted for those used to it: standard input is always connected")
            .letter('i'));
  }

  private static OptionGroup security() {
    return OptionGroup.of(
        "Security",
        value("cap-add", "LIST", "net_raw", "keeps further capabilities, such as net_raw,sys_time")
            .many(),
        value("cap-drop", "LIST", "all", "drops capabilities; all drops every one not added")
            .many(),
        value("seccomp", "FILTER", "unconfined", "system call filter: default or unconfined")
            .completing(Completes.oneOf("default", "unconfined")),
        flag("new-privileges", "lets set-user-id programs gain privileges"),
        value("userns", "KIND", "auto", "auto: root inside is nobody outside; host: it is root")
            .completing(Completes.oneOf("auto", "host")));
  }

  private static OptionGroup namespaces() {
    return OptionGroup.of(
        "Namespaces",
        value("net", "KIND", "host", "none: only its own loopback, the default; host: this one's")
            .also("network")
            .completing(Completes.oneOf("none", "host")),
        value("new", "LIST", "pid", "has these alone of its own, and shares all others")
            .completing(KINDS),
        value("share", "LIST", "ipc", "shares some of this shell, such as ipc,uts")
            .many()
            .completing(KINDS),
        value(
                "join",
                "KIND=CONTAINER",
                "net=web",
                "joins that of a container, or of a file: net=/run/net")
            .many());
  }
}
