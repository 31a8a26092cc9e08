package bailey.cli.command;

import bailey.core.error.BadRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the process that answers a call is to others besides. */
public interface Service {
  /** What the planner that answers this call is doing; empty where it answers nobody else. */
  Optional<Status> status();

  /** For how long it stays with nothing to do from now on, as its last caller wants it. */
  void idle(Duration time);

  /** Takes no more calls, and ends when those that it has are answered. */
  void stop();

  /**
   * Goes on only in a process that answers no other call: for what stays for long, or needs the
   * caller's descriptors. Before anything is done.
   *
   * @throws Elsewhere where others may be answered; the caller is to start such a process
   */
  void needOwnProcess();

  /**
   * Takes calls until it is stopped or has had nothing to do for a while.
   *
   * @return the exit status
   * @throws bailey.core.error.ContainerException if it cannot
   */
  int serve();

  /**
   * A planner that stays.
   *
   * @param pid its process
   * @param folder where it listens
   * @param build what it was built from, as callers know it
   * @param since when it was started
   * @param calls how many it has taken
   * @param current how many it is answering now, this one included
   * @param idle for how long it stays with nothing to do
   */
  record Status(
      long pid,
      String folder,
      String build,
      Instant since,
      long calls,
      int current,
      Duration idle) {}

  /** A call is to be answered by another process. */
  final class Elsewhere extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Nothing was done of it. */
    public Elsewhere() {
      super("this command needs a process of its own");
    }
  }

  /** Of a process that is there for one call. */
  Service NONE =
      new Service() {
        @Override
        public Optional<Status> status() {
          return Optional.empty();
        }

        @Override
        public void idle(Duration time) {}

        @Override
        public void stop() {}

        @Override
        public void needOwnProcess() {}

        @Override
        public int serve() {
          throw new BadRequest(
              "serve: a planner is started by bailey serve itself, with nothing before it and"
                  + " BAILEY_SERVE not off");
        }
      };
}
