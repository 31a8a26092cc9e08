/**
 * What containers are shown of themselves in /proc: finds what the kernel tells of one, keeps what
 * has to be remembered from one look to the next (times of CPUs, load averages), and has {@code
 * view} make the texts. No messages, no nodes. Any thread.
 */
@NullMarked
package bailey.containerfs.procview;

import org.jspecify.annotations.NullMarked;
