package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.cli.syntax.OptionSyntax;
import bailey.core.error.BadRequest;
import bailey.core.spec.Size;
import bailey.oci.config.OciReader;
import bailey.oci.config.OciResources;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets limits of a container that runs. */
final class UpdateVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci update", "sets limits of a container")
        .description(
            "Sets limits of a container: those that a file describes as linux.resources of a"
                + " configuration does, - being standard input, or those of the options.")
        .arguments("ID", 1, 1)
        .group(
            "Options",
            value("resources", "FILE", "-", "describes the limits")
                .letter('r')
                .completing(Completes.FILE),
            limit("blkio-weight", "weight of block input and output, 10 to 1000"),
            limit("cpu-period", "microseconds of a period"),
            limit("cpu-quota", "microseconds of processor time in each"),
            limit("cpu-burst", "microseconds that may be saved up"),
            limit("cpu-share", "relative weight, 2 to 262144").also("cpu-shares"),
            limit("cpu-rt-period", "microseconds of a real-time period"),
            limit("cpu-rt-runtime", "microseconds of real time in each"),
            limit("cpu-idle", "1 for processor time that nobody else wants"),
            value("cpuset-cpus", "LIST", "0-3", "processors"),
            value("cpuset-mems", "LIST", "0", "memory nodes"),
            limit("memory", "bytes of memory, -1 for no limit"),
            limit("memory-reservation", "bytes that are left to it when memory is short"),
            limit("memory-swap", "bytes of memory and swap together, -1 for no limit"),
            limit("kernel-memory", "has no effect: kernels have given it up"),
            limit("kernel-memory-tcp", "has no effect"),
            limit("pids-limit", "processes and threads, -1 for no limit"))
        .example("bailey oci update --memory 64M web", "less memory")
        .build();
  }

  private static OptionSyntax limit(String name, String help) {
    return value(name, "NUMBER", "1024", help);
  }

  @Override
  public int run(VerbCall call) {
    var resources =
        call.has("resources") ? read(call, call.value("resources", "")) : ofOptions(call);
    call.runtime().update(call.id(), resources);
    return 0;
  }

  private static OciResources read(VerbCall call, String file) {
    try {
      return OciReader.resources(
          file.equals("-") ? call.input().readAllBytes() : Files.readAllBytes(call.path(file)));
    } catch (IOException e) {
      throw new BadRequest(
          "--resources: " + file + " cannot be read: " + e.getMessage() + "; name another file", e);
    }
  }

  private static OciResources ofOptions(VerbCall call) {
    var weight = number(call, "blkio-weight");
    return new OciResources(
        List.of(),
        new OciResources.Memory(
            bytes(call, "memory"),
            bytes(call, "memory-reservation"),
            bytes(call, "memory-swap"),
            null,
            null,
            null,
            null,
            null,
            null),
        new OciResources.Cpu(
            number(call, "cpu-share"),
            number(call, "cpu-quota"),
            number(call, "cpu-burst"),
            number(call, "cpu-period"),
            number(call, "cpu-rt-runtime"),
            number(call, "cpu-rt-period"),
            call.has("cpuset-cpus") ? call.value("cpuset-cpus", "") : null,
            call.has("cpuset-mems") ? call.value("cpuset-mems", "") : null,
            number(call, "cpu-idle")),
        new OciResources.Pids(number(call, "pids-limit")),
        weight == null
            ? null
            : new OciResources.BlockIo(
                (int) (long) weight, null, List.of(), List.of(), List.of(), List.of(), List.of()),
        List.of(),
        null,
        Map.of(),
        Map.of());
  }

  private static @Nullable Long number(VerbCall call, String option) {
    if (!call.has(option)) {
      return null;
    }
    String text = call.value(option, "");
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw new BadRequest(
          "--" + option + ": " + text + " is no number; write for example 1024", e);
    }
  }

  private static @Nullable Long bytes(VerbCall call, String option) {
    if (!call.has(option)) {
      return null;
    }
    String text = call.value(option, "");
    return text.equals("-1")
        ? Long.valueOf(-1)
        : Long.valueOf(Size.parse("--" + option, text).bytes());
  }
}
