/** Tests of the model of containers and tasks that are too much for its own module. */
@NullMarked
package bailey.testkit.model;

import org.jspecify.annotations.NullMarked;
