package skarb.node.index;

final class MemoryIndexTest extends IndexContract {
  @Override
  Index open() {
    return new MemoryIndex();
  }
}
