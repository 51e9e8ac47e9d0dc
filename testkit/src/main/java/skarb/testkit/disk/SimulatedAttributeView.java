package skarb.testkit.disk;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Permissions and times of one path. Changes are durable at once, which real ones are not.
final class SimulatedAttributeView implements PosixFileAttributeView {
  private final Disk disk;
  private final SimulatedPath path;

  SimulatedAttributeView(Disk disk, SimulatedPath path) {
    this.disk = disk;
    this.path = path;
  }

  @Override
  public String name() {
    return "posix";
  }

  @Override
  public PosixFileAttributes readAttributes() throws IOException {
    return disk.inspect(path, SimulatedAttributes::of);
  }

  @Override
  public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    disk.<@Nullable Void>inspect(
        path,
        node -> {
          node.setPermissions(permissions);
          return null;
        });
  }

  @Override
  public void setTimes(
      @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
      throws IOException {
    if (modified != null) {
      disk.inspect(path, node -> node.modified = modified.toInstant());
    }
  }

  @Override
  public UserPrincipal getOwner() {
    return SimulatedAttributes.theOwner();
  }

  @Override
  public void setOwner(UserPrincipal owner) {
    throw new UnsupportedOperationException("owners");
  }

  @Override
  public void setGroup(GroupPrincipal group) {
    throw new UnsupportedOperationException("groups");
  }
}
