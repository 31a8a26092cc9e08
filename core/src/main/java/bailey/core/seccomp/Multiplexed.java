package bailey.core.seccomp;

import bailey.core.seccomp.ArgTest.Comparison;
import bailey.core.seccomp.SeccompAction.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules for {@code socketcall} and {@code ipc} of 32-bit x86, through which older programs make
 * calls that have numbers of their own as well (linux/net.h, linux/ipc.h): a rule about {@code
 * socket} must also hold for {@code socketcall(SYS_SOCKET)}. Their arguments are in memory, where a
 * filter does not see them; so a rule with tests that allows a call does not allow it that way, and
 * one that refuses it refuses it whatever its arguments.
 */
public final class Multiplexed {
  private static final Map<String, Integer> SOCKET_CALLS =
      numbers(
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

  private static final Map<String, Integer> IPC_CALLS =
      Map.ofEntries(
          Map.entry("semop", 1),
          Map.entry("semget", 2),
          Map.entry("semctl", 3),
          Map.entry("semtimedop", 4),
          Map.entry("msgsnd", 11),
          Map.entry("msgrcv", 12),
          Map.entry("msgget", 13),
          Map.entry("msgctl", 14),
          Map.entry("shmat", 21),
          Map.entry("shmdt", 22),
          Map.entry("shmget", 23),
          Map.entry("shmctl", 24));

  /** The upper half of ipc's number is a version. */
  private static final long IPC_NUMBER = 0xffff;

  private static final String REASON = "the call that it stands for";

  private Multiplexed() {}

  /** In the order of their numbers, from 1 on. */
  private static Map<String, Integer> numbers(String... calls) {
    var numbers = new HashMap<String, Integer>();
    for (var call : calls) {
      numbers.put(call, numbers.size() + 1);
    }
    return numbers;
  }

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
      var socket = SOCKET_CALLS.get(call);
      if (socket != null) {
        all.add(one("socketcall", ArgTest.of(0, Comparison.EQ, socket), rule));
      }
      var ipc = IPC_CALLS.get(call);
      if (ipc != null) {
        all.add(one("ipc", ArgTest.masked(0, IPC_NUMBER, ipc), rule));
      }
    }
  }

  private static SeccompRule one(String call, ArgTest test, SeccompRule rule) {
    return new SeccompRule(List.of(call), List.of(test), rule.action(), REASON);
  }
}
