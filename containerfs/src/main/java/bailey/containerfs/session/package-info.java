/**
 * The service: threads that read requests, what is open, answers, interruptions. A thread that
 * handles a request may block as long as it likes: before it begins there is another that reads.
 */
@NullMarked
package bailey.containerfs.session;

import org.jspecify.annotations.NullMarked;
