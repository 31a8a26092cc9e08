/**
 * What can go wrong, as sentences. An error is made once, where step, object, value, errno and
 * remedy are all known, and is never logged and thrown. Values; any thread.
 */
@NullMarked
package bailey.core.error;

import org.jspecify.annotations.NullMarked;
