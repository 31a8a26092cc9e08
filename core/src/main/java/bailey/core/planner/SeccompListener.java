package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.ProcessSpec;
import bailey.core.bundle.ProcessSpec.Filter;
import bailey.core.bundle.ProcessSpec.Listener;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.BundleRequest.StateText;
import java.util.List;
import java.util.Optional;

/**
 * Takes the descriptor of a filter's listener from its process, and gives it away. Tells who is
 * asked about a process's calls which process it is, and gives him the descriptor that they come by
 * (OCI runtime-spec, config-linux.md, "The Container Process State").
 */
final class SeccompListener {
  private final Listener listener;
  private final StateText told;
  private final BundleChannels channels;

  /**
   * For a process whose filter has a listener.
   *
   * @param told the state of the container
   * @param channels by which it and who starts it talk
   */
  SeccompListener(Listener listener, StateText told, BundleChannels channels) {
    this.listener = listener;
    this.told = told;
    this.channels = channels;
  }

  /** Of a process; empty where its filter has none. */
  static Optional<Listener> of(ProcessSpec process) {
    return process.filter().flatMap(Filter::listener);
  }

  /**
   * In the process, after its filter is in force: from here on who is asked may have to answer for
   * all that it does but writing.
   */
  static void announce(Steps steps, BundleChannels channels, Register descriptor) {
    steps.because("linux.seccomp.listenerPath");
    channels.tell(steps, "telling that the filter is there");
    channels.tellNumber(steps, "telling which descriptor it is", descriptor);
    channels.awaitGo(steps, "waiting until it was taken");
    BundleRootSteps.close(steps, descriptor);
  }

  /**
   * In who starts it: it tells the number of the descriptor, which is taken from it
   * (pidfd_getfd(2)).
   *
   * @param first the container's first process where this is a further one; 0 where this is it
   */
  void take(Steps steps, Register pid, Register pidfd, long first) {
    steps.because("linux.seccomp.listenerPath");
    channels.awaitProgress(steps, "waiting for its filter");
    var number = steps.registers().number("listener");
    channels.readNumber(steps, "reading which descriptor it is", number);
    var taken = steps.registers().descriptor("taken listener");
    steps.call(
        "taking the descriptor",
        taken,
        OnError.FAIL,
        Sys.PIDFD_GETFD,
        result(pidfd),
        result(number),
        number(0));
    tell(steps, pid, taken, first);
    steps.close(taken);
    channels.letGo(steps);
  }

  /** In one message, as who receives it expects. */
  private void tell(Steps steps, Register pid, Register descriptor, long first) {
    var socket =
        BundleTerminal.connect(
            steps, "linux.seccomp.listenerPath", listener.socket(), "seccomp agent");
    String head =
        "{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],\"metadata\":"
            + listener.metadata()
            + ",\"state\":"
            + (first == 0 ? told.of("creating") : told.of("running") + first);
    String middle = "},\"pid\":";
    var digits = new Datum.Space("process", 24);
    var end = steps.registers().number("digits");
    steps.add(new Step.Decimal(note(steps, "telling its process"), digits, 0, result(pid), end));
    var parts =
        new Datum.Words(
            "the process",
            List.of(
                Operand.text(head),
                number(KernelText.encode(head).length),
                Operand.address(digits),
                number(0), // nothing where the head has it
                Operand.text(middle),
                number(middle.length()),
                Operand.address(digits),
                number(0),
                Operand.text("}"),
                number(1)));
    if (first == 0) {
      steps.store("how long that is", parts, 24, 8, result(end));
    }
    steps.store("how long that is", parts, 56, 8, result(end));
    var control = Handover.control(1);
    steps.store("the descriptor", control, 16, 4, result(descriptor));
    steps.call(
        "telling " + listener.socket() + " of the process",
        Sys.SENDMSG,
        result(socket),
        Operand.address(
            new Datum.Words(
                "message with 1 descriptor",
                List.of(
                    number(0),
                    number(0),
                    Operand.address(parts),
                    number(5),
                    Operand.address(control),
                    number(24),
                    number(0)))),
        Operand.number(0x4000, Notation.HEX)); // MSG_NOSIGNAL
    steps.close(socket);
  }
}
