package dev.polder.maintenance;

/** What background work has taken, rests not counted. Immutable. */
public record MaintenanceTime(long cpuNanos, long wallNanos) {
  MaintenanceTime plus(MaintenanceTime other) {
    return new MaintenanceTime(cpuNanos + other.cpuNanos, wallNanos + other.wallNanos);
  }
}
