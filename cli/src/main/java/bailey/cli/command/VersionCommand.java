package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.output.Json;
import bailey.cli.syntax.CommandSyntax;

/** Says which bailey this is and what it runs on. */
final class VersionCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("version", "says which version this is")
        .description("Prints the version of bailey, of the kernel and of the JDK.")
        .group("Options", flag("json", "prints JSON"))
        .example("bailey version", "for a report of a fault")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var descriptor = VersionCommand.class.getModule().getDescriptor();
    String version = descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
    String kernel = System.getProperty("os.name") + " " + System.getProperty("os.version");
    String arch = System.getProperty("os.arch");
    String java = System.getProperty("java.vendor.version", "") + " " + Runtime.version();
    if (invocation.has("json")) {
      invocation
          .output()
          .print(
              Json.pretty(
                  out -> {
                    out.writeStartObject();
                    out.writeStringField("version", version);
                    out.writeStringField("kernel", kernel);
                    out.writeStringField("arch", arch);
                    out.writeStringField("java", java.strip());
                    out.writeEndObject();
                  }));
    } else {
      invocation
          .output()
          .line("bailey " + version + " (" + kernel + ", " + arch + ", JDK " + java.strip() + ")");
    }
    return 0;
  }
}
