package bailey.core.kernel;

/**
 * Something that bailey uses and that a kernel or a user may lack.
 *
 * @param name the kernel's word for it: {@code cgroup.kill}
 * @param present whether it is there
 * @param use what bailey needs it for
 * @param remedy how to get it; empty where it is there
 */
public record Ability(String name, boolean present, String use, String remedy) {}
