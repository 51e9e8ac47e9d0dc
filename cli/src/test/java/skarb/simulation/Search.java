package skarb.simulation;

/// Looks for the first seed whose history goes wrong, as `.ci/mutants.py` has it do with planted
/// bugs. Ends with 1 where there is one, with 0 where none of the seeds asked for is.
///
/// ```
/// java … skarb.simulation.Search FIRST_SEED SEEDS
/// ```
public final class Search {
  private Search() {}

  /// Searches.
  public static void main(String[] arguments) {
    long first = Long.parseLong(arguments[0]);
    long seeds = Long.parseLong(arguments[1]);
    History history = new History();
    for (long i = 0; i < seeds; i++) {
      try (World world = new World(first + i)) {
        world.scheduler.run(() -> history.healing(world));
      } catch (Throwable wrong) {
        String text = String.valueOf(wrong.getMessage());
        System.out.println(
            "red after %d seeds: %s".formatted(i + 1, text.lines().findFirst().orElse("")));
        System.exit(1);
      }
    }
    System.out.println("green after %d seeds: %s".formatted(seeds, history));
    System.exit(0);
  }
}
