/**
 * Plans that are kept for calls that come again: what such a plan depends on, what of it differs
 * from call to call, and the form in which the executor reads it (kept.h). Pure values; which plans
 * are kept, and where, others say. Any thread.
 */
@NullMarked
package bailey.core.kept;

import org.jspecify.annotations.NullMarked;
