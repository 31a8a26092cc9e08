package bailey.core.container;

/**
 * What a container has of one subsystem (the kernel's struct cgroup_subsys_state): a {@link
 * ResourceCounter}, or what a {@link StateKind.Maker} has made; or the {@link Container} that it
 * belongs to, where there is no more to say of it.
 */
public interface State {}
