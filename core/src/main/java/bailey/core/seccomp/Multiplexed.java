package bailey.core.seccomp;

import bailey.core.seccomp.ArgTest.Comparison;
import bailey.core.seccomp.SeccompAction.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules for {@code socketcall} and {@code ipc} of 32-bit x86, through which older programs make
 * calls that have numbers of their own as well (linux/net.h, linux/ipc.h): a rule about {@code
 * socket} must also hold for {@code socketcall(SYS_SOCKET)}. Their arguments are in memory, where a
 * filter does not see them; so a rule with tests that allows a call does not allow it that way, and
 * one that refuses it refuses it whatever its arguments.
 */
public final class Multiplexed {
  /** In the order of their numbers, from 1 on. */
  private static final List<String> SOCKET_CALLS =
      List.of(
          "socket",
          "bind",
          "connect",
          "listen",
          "accept",
          "getsockname",
          "getpeername",
          "socketpair",
          "send",
          "recv",
          "sendto",
          "recvfrom",
          "shutdown",
          "setsockopt",
          "getsockopt",
          "sendmsg",
          "recvmsg",
          "accept4",
          "recvmmsg",
          "sendmmsg");

  private static final List<String> IPC_CALLS =
      List.of(
          "semop",
          "semget",
          "semctl",
          "semtimedop",
          "msgsnd",
          "msgrcv",
          "msgget",
          "msgctl",
          "shmat",
          "shmdt",
          "shmget",
          "shmctl");

  private static final int[] IPC_NUMBERS = {1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24};

  /** The upper half of ipc's number is a version. */
  private static final long IPC_NUMBER = 0xffff;

  private static final String REASON = "the call that it stands for";

  private Multiplexed() {}

  /** {@code rules}, and after each what it means for the two calls. */
  public static List<SeccompRule> added(List<SeccompRule> rules) {
    var all = new ArrayList<SeccompRule>();
    for (var rule : rules) {
      all.add(rule);
      if (rule.tests().isEmpty() || !allows(rule.action().verdict())) {
        add(all, rule);
      }
    }
    return all;
  }

  private static boolean allows(Verdict verdict) {
    return switch (verdict) {
      case ALLOW, LOG, TRACE, USER_NOTIF -> true;
      case KILL_PROCESS, KILL_THREAD, TRAP, ERRNO -> false;
    };
  }

  private static void add(List<SeccompRule> all, SeccompRule rule) {
    for (var call : rule.calls()) {
      int socket = SOCKET_CALLS.indexOf(call);
      if (socket >= 0) {
        all.add(one("socketcall", ArgTest.of(0, Comparison.EQ, socket + 1), rule));
      }
      int ipc = IPC_CALLS.indexOf(call);
      if (ipc >= 0) {
        all.add(one("ipc", ArgTest.masked(0, IPC_NUMBER, IPC_NUMBERS[ipc]), rule));
      }
    }
  }

  private static SeccompRule one(String call, ArgTest test, SeccompRule rule) {
    return new SeccompRule(List.of(call), List.of(test), rule.action(), REASON);
  }
}
