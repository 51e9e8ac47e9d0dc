package skarb.simulation;

/// Looks for the first seed whose history goes wrong, as `.ci/mutants.py` has it do with planted
/// bugs. Ends with 1 where there is one, with 0 where none of the seeds asked for is.
///
/// ```
/// java … skarb.simulation.Search FIRST_SEED SEEDS [healing|hostile|putBack]
/// ```
public final class Search {
  private Search() {}

  /// Searches.
  public static void main(String[] arguments) {
    long first = Long.parseLong(arguments[0]);
    long seeds = Long.parseLong(arguments[1]);
    String mode = arguments.length > 2 ? arguments[2] : "healing";
    History history = new History();
    PutBackHistory putBack = new PutBackHistory();
    for (long i = 0; i < seeds; i++) {
      try (World world = new World(first + i)) {
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
            "red after %d seeds, at -Dskarb.seed=%d: %s%n", i + 1, first + i, wrong.getMessage());
        System.exit(1);
      }
    }
    System.out.println(
        "green after %d seeds: %s".formatted(seeds, mode.equals("putBack") ? putBack : history));
    System.exit(0);
  }
}
