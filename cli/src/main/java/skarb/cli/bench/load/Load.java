package skarb.cli.bench.load;

import java.io.IOException;

/// What workers do. One load is shared by all of them; what it keeps for a worker, it keeps by the
/// worker's number.
sealed interface Load permits PutLoad, GetLoad, ListLoad, DeleteLoad, MultipartLoad, MixedLoad {

  /// One operation, noted where it succeeds.
  ///
  /// @param ticket the operation's number over all workers
  void step(Worker worker, Notes notes, long ticket) throws IOException;

  /// The load of a plan.
  ///
  /// @param ids numbers the objects; those that were made before are taken
  static Load of(Plan plan, ObjectIds ids) {
    return switch (plan.kind()) {
      case PUT -> new PutLoad(plan, ids);
      case GET -> new GetLoad(plan);
      case LIST -> new ListLoad(plan);
      case DELETE -> new DeleteLoad(plan);
      case MULTIPART -> new MultipartLoad(plan, ids);
      case MIXED -> new MixedLoad(plan, ids);
    };
  }
}
