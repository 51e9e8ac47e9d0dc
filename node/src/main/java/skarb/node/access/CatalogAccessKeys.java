package skarb.node.access;

import java.util.List;
import java.util.Optional;
import skarb.node.index.AccessKeyRow;
import skarb.node.index.Catalog;
import skarb.v1.UserValue;

/// The access keys as the index has them now.
public final class CatalogAccessKeys implements AccessKeys {
  private final Catalog catalog;

  /// @param catalog over the index
  public CatalogAccessKeys(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public Optional<StoredKey> find(String accessKeyId) {
    return catalog.accessKey(accessKeyId).map(this::stored);
  }

  @Override
  public List<StoredKey> list(String after, int limit) {
    return catalog.accessKeys(after, limit).stream().map(this::stored).toList();
  }

  private StoredKey stored(AccessKeyRow row) {
    UserValue user = catalog.user(row.key().getUserId()).orElse(UserValue.getDefaultInstance());
    return new StoredKey(row.accessKeyId(), row.generation(), row.key(), user);
  }
}
