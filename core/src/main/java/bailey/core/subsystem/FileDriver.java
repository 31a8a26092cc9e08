package bailey.core.subsystem;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** How one control file is had on one version of control groups. */
sealed interface FileDriver {
  /** From a canonical value to the writes, in order, as {@code file, text, file, text...}. */
  interface Writer {
    List<KernelWrite> writes(String controller, String value);
  }

  /**
   * It cannot be had.
   *
   * @param why with its subject: {@code cgroup v1 has no such limit}
   * @param instead what to do: {@code set memory.max}
   */
  record Absent(String why, String instead) implements FileDriver {}

  /**
   * It is had from these files of the kernel.
   *
   * @param files all that are needed; all are read, and what is written is among them
   * @param since from which kernel, or with which setting, the files are there
   * @param plain whether the text is that of the one file, unchanged
   */
  record Present(
      List<String> files,
      String since,
      boolean plain,
      Function<Map<String, String>, String> meaning,
      Writer writer)
      implements FileDriver {
    /** Whose text is made from the files'. */
    Present(
        List<String> files,
        String since,
        Function<Map<String, String>, String> meaning,
        Writer writer) {
      this(files, since, false, meaning, writer);
    }
  }

  /** One file with the same text as the control file. */
  static FileDriver same(String file) {
    return new Present(
        List.of(file),
        "",
        true,
        texts -> KernelTable.text(texts, file),
        (controller, value) -> List.of(new KernelWrite(controller, file, value)));
  }

  /** One file whose text is translated. */
  static FileDriver one(
      String file, UnaryOperator<String> toKernel, UnaryOperator<String> fromKernel) {
    return new Present(
        List.of(file),
        "",
        texts -> fromKernel.apply(KernelTable.text(texts, file)),
        (controller, value) -> List.of(new KernelWrite(controller, file, toKernel.apply(value))));
  }

  /** Several files, only read. */
  static FileDriver report(List<String> files, Function<Map<String, String>, String> meaning) {
    return new Present(files, "", meaning, (_, _) -> List.of());
  }

  /** One file, only read. */
  static FileDriver report(String file, UnaryOperator<String> meaning) {
    return report(List.of(file), texts -> meaning.apply(KernelTable.text(texts, file)));
  }

  /** The same driver, whose files are there only from some kernel on, or with some setting. */
  default FileDriver since(String since) {
    return switch (this) {
      case Absent absent -> absent;
      case Present(var files, _, var plain, var meaning, var writer) ->
          new Present(files, since, plain, meaning, writer);
    };
  }
}
