package skarb.cli.objects;

import java.nio.file.Path;
import java.util.Optional;

/// One body to move.
sealed interface Copy {

  /// What failures are said of.
  String from();

  /// A file into the store.
  record Upload(Path source, StorePath target) implements Copy {
    @Override
    public String from() {
      return source.toString();
    }
  }

  /// An object into a file.
  ///
  /// @param versionId empty: the current version
  /// @param target its folder is there
  record Download(StorePath source, Optional<String> versionId, Path target) implements Copy {
    @Override
    public String from() {
      return source.toString();
    }
  }

  /// An object to another place of the store.
  ///
  /// @param versionId empty: the current version
  record Within(StorePath source, Optional<String> versionId, StorePath target) implements Copy {
    @Override
    public String from() {
      return source.toString();
    }
  }

  /// Standard input into the store.
  record FromInput(StorePath target) implements Copy {
    @Override
    public String from() {
      return "-";
    }
  }

  /// An object to standard output.
  ///
  /// @param versionId empty: the current version
  record ToOutput(StorePath source, Optional<String> versionId) implements Copy {
    @Override
    public String from() {
      return source.toString();
    }
  }
}
