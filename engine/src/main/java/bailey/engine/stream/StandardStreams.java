package bailey.engine.stream;

import bailey.core.kernel.Kernel;
import bailey.core.kernel.Pipe;
import bailey.core.kernel.Pipe.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Standard input, output and error of a program. The far ends are this process's until {@link
 * #started}; closing it closes everything.
 */
public final class StandardStreams implements AutoCloseable {
  private final List<Pipe> pipes;
  private final ProgramOutput input;
  private final ProgramInput output;
  private final ProgramInput error;

  private StandardStreams(List<Pipe> pipes) {
    this.pipes = pipes;
    this.input = new ProgramOutput(pipes.get(0));
    this.output = new ProgramInput(pipes.get(1));
    this.error = new ProgramInput(pipes.get(2));
  }

  /** New pipes. */
  public static StandardStreams open(Kernel kernel) {
    var pipes = new ArrayList<Pipe>();
    try {
      for (var direction :
          List.of(Direction.TO_PROGRAM, Direction.FROM_PROGRAM, Direction.FROM_PROGRAM)) {
        pipes.add(kernel.pipe(direction));
      }
      var streams = new StandardStreams(List.copyOf(pipes));
      pipes.clear();
      return streams;
    } finally {
      pipes.forEach(Pipe::close);
    }
  }

  /** The descriptors that the program gets as 0, 1 and 2. */
  public List<Integer> far() {
    return pipes.stream().map(Pipe::far).toList();
  }

  /** The program has its descriptors. */
  public void started() {
    pipes.forEach(Pipe::releaseFar);
  }

  /** What the program reads. */
  public ProgramOutput input() {
    return input;
  }

  /** What the program writes as its output. */
  public ProgramInput output() {
    return output;
  }

  /** What the program writes as its errors. */
  public ProgramInput error() {
    return error;
  }

  /** The program has ended: descriptors are given back, what it wrote can still be read. */
  public void ended() {
    input.close();
    Stream.of(output, error).forEach(ProgramInput::programEnded);
  }

  @Override
  public void close() {
    pipes.forEach(Pipe::close);
  }
}
