/**
 * The fence: the only package of bailey with native access (java.lang.foreign). Here are the one
 * downcall, {@code syscall(2)}, and thin types over what it returns: owned descriptors, pidfds,
 * pipes, memory files, unix sockets. No decision about containers is made here, and nothing here is
 * loaded by code that only reads files: the first downcall costs tens of milliseconds.
 *
 * <p>Who opens a descriptor closes it: {@link bailey.linux.sys.OwnedFd} in try-with-resources, or
 * {@link bailey.linux.sys.OwnedFd#release()} where it is handed on. Classes say which threads may
 * use them; a descriptor that one thread may close while another uses it is the caller's mistake.
 */
@NullMarked
package bailey.linux.sys;

import org.jspecify.annotations.NullMarked;
