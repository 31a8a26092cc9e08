package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.ProcessSpec.Listener;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.BundleRequest.StateText;
import java.util.List;

/**
 * Tells who is asked about a process's calls which process it is, and gives him the descriptor that
 * they come by (OCI runtime-spec, config-linux.md, "The Container Process State").
 */
final class SeccompListener {
  private SeccompListener() {}

  /**
   * In one message, as who receives it expects.
   *
   * @param told the state of the container
   * @param pid of the process
   * @param descriptor that is given
   */
  static void tell(
      Steps steps, Listener listener, StateText told, Register pid, Register descriptor) {
    var socket =
        BundleTerminal.connect(
            steps, "linux.seccomp.listenerPath", listener.socket(), "seccomp agent");
    String head =
        "{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],\"metadata\":"
            + listener.metadata()
            + ",\"state\":"
            + told.of("creating");
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
                number(0),
                Operand.text(middle),
                number(middle.length()),
                Operand.address(digits),
                number(0),
                Operand.text("}"),
                number(1)));
    steps.store("how long that is", parts, 24, 8, result(end));
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
