package skarb.simulation;

import java.util.concurrent.TimeUnit;

/// Looks for the first seed whose history goes wrong, as `.ci/mutants.py` has it do with planted
/// bugs. Ends with 1 where there is one, with 0 where none of the seeds asked for is, or none of
/// those that were begun within some seconds.
///
/// ```
/// java … skarb.simulation.Search FIRST_SEED SEEDS [healing|hostile|putBack] [SECONDS]
/// ```
public final class Search {
  private Search() {}

  /// Searches.
  public static void main(String[] arguments) {
    long first = Long.parseLong(arguments[0]);
    long seeds = Long.parseLong(arguments[1]);
    String mode = arguments.length > 2 ? arguments[2] : "healing";
    long seconds = arguments.length > 3 ? Long.parseLong(arguments[3]) : Long.MAX_VALUE;
    long began = System.nanoTime();
    long played = 0;
    History history = new History();
    PutBackHistory putBack = new PutBackHistory();
    while (played < seeds && TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) < seconds) {
      long seed = first + played++;
      try (World world = new World(seed)) {
        world.scheduler.run(() -> {
          switch (mode) {
            case "healing" -> history.healing(world);
            case "hostile" -> history.hostile(world);
            case "putBack" -> putBack.play(world);
            default -> throw new IllegalArgumentException(mode);
          }
        });
      } catch (Throwable wrong) {
        System.out.printf(
            "red after %d seeds, at -Dskarb.seed=%d: %s%n", played, seed, wrong.getMessage());
        System.exit(1);
      }
    }
    System.out.println(
        "green after %d seeds: %s".formatted(played, mode.equals("putBack") ? putBack : history));
    System.exit(0);
  }
}
