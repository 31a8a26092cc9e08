"""Runs a command in a terminal of its own and follows a script: what to wait for, what to type.

terminal.py ROWS COLUMNS COMMAND [ARGUMENT...] < SCRIPT

Lines of the script, each with the text as a Python string:
  expect 'text'     waits until it has come out after what was expected before
  send 'text'       types it
  resize R C        changes the size; the kernel tells the foreground processes
  kill SIGNAL       sends the command a signal
  stopped           waits until the command is stopped
Then it waits for the end of the command, prints all that came out and ends with its status.
"""

import ast, fcntl, os, pty, select, signal, struct, sys, termios, time

PATIENCE = 240


def size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def main():
    rows, columns, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    pid, fd = pty.fork()
    if pid == 0:
        for ignored in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(ignored, signal.SIG_DFL)  # Python ignores some; who runs the tests by nohup, others
        os.execvp(command[0], command)
    size(fd, rows, columns)
    out, seen = bytearray(), 0

    def read(wait):
        if not select.select([fd], [], [], wait)[0]:
            return True
        try:
            data = os.read(fd, 65536)
        except OSError:  # EIO: nobody has the other side
            return False
        out.extend(data)
        return bool(data)

    def fail(why):
        sys.stdout.buffer.write(bytes(out))
        sys.stdout.flush()
        sys.stderr.write("terminal.py: %s\n" % why)
        os.kill(pid, signal.SIGKILL)
        os._exit(99)

    signal.signal(signal.SIGALRM, lambda *_: fail("it did not end"))
    signal.alarm(2 * PATIENCE)
    for line in sys.stdin:
        verb, _, rest = line.strip().partition(" ")
        deadline = time.monotonic() + PATIENCE
        if verb == "expect":
            text = ast.literal_eval(rest).encode()
            while out.find(text, seen) < 0:
                if not read(1) and out.find(text, seen) < 0:
                    fail("the end came before %r" % text)
                if time.monotonic() > deadline:
                    fail("no %r" % text)
            seen = out.find(text, seen) + len(text)
        elif verb == "send":
            os.write(fd, ast.literal_eval(rest).encode("latin-1"))
        elif verb == "resize":
            size(fd, *map(int, rest.split()))
        elif verb == "kill":
            os.kill(pid, getattr(signal, "SIG" + rest))
        elif verb == "stopped":
            while not os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]):
                pass
        else:
            fail("no such verb: " + verb)
    while read(None):
        pass
    status = os.waitpid(pid, 0)[1]
    sys.stdout.buffer.write(bytes(out))
    sys.stdout.flush()
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


main()
