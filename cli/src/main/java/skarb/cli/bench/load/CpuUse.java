package skarb.cli.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/// Time of all cores that a load took.
///
/// @param generatorSeconds of this process
/// @param serverSeconds of the server's; negative where that is not known
public record CpuUse(double generatorSeconds, double serverSeconds) {

  /// Reads both clocks.
  ///
  /// @param serverNanos the server's time so far; negative where it is not known
  static CpuUse now(LongSupplier serverNanos) {
    long generator =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getProcessCpuTime()
            : -1;
    return new CpuUse(generator / 1e9, serverNanos.getAsLong() / 1e9);
  }

  /// What was used since.
  CpuUse since(CpuUse earlier) {
    return new CpuUse(
        generatorSeconds - earlier.generatorSeconds,
        serverSeconds < 0 || earlier.serverSeconds < 0
            ? -1
            : serverSeconds - earlier.serverSeconds);
  }
}
