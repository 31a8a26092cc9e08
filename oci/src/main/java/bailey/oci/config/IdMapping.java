package bailey.oci.config;

/**
 * A range of user or group ids.
 *
 * @param containerId the first one inside, 0 to 2^32-2
 * @param hostId the first one outside, 0 to 2^32-2
 * @param size how many, at least 1; neither range goes beyond 2^32-2
 */
public record IdMapping(long containerId, long hostId, long size) {}
