package skarb.node;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import skarb.node.model.SiteId;

/// Who this store is: the file `store` of the data directory, written once, when the store is made.
///
/// ```
/// skarb-store 1
/// store-id = 0f1e2d3c4b5a69788796a5b4c3d2e1f0
/// site-id = 3c6ef372
/// site-name = site-a54ff5
/// crc32c = 5f1d36f1
/// ```
///
/// The first line is magic and version. The checksum, in hex, covers the bytes of all lines before
/// it.
///
/// @param storeId 16 random bytes in hex: every file of the store names it, so that none is taken
///   for another's
/// @param siteId the site's id
/// @param siteName the site's name, 1 to 32 of `a-z 0-9 -`
record StoreIdentity(String storeId, SiteId siteId, String siteName) {
  private static final String MAGIC = "skarb-store ";
  private static final int VERSION = 1;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  StoreIdentity {
    if (!NAME.matcher(siteName).matches()) {
      throw new IllegalArgumentException(
          "a site's name is 1 to 32 of a-z, 0-9 and '-': " + siteName);
    }
  }

  /// A new store's identity.
  ///
  /// @param siteName empty for `site-` and six random hex digits
  static StoreIdentity create(String siteName, RandomGenerator random) {
    byte[] id = new byte[16];
    random.nextBytes(id);
    String name =
        siteName.isEmpty()
            ? "site-" + HexFormat.of().toHexDigits(random.nextInt()).substring(0, 6)
            : siteName;
    return new StoreIdentity(HexFormat.of().formatHex(id), new SiteId(random.nextInt()), name);
  }

  /// The store's id as bytes.
  byte[] storeIdBytes() {
    return HexFormat.of().parseHex(storeId);
  }

  byte[] encode() {
    String text =
        MAGIC
            + VERSION
            + "\nstore-id = "
            + storeId
            + "\nsite-id = "
            + siteId
            + "\nsite-name = "
            + siteName
            + "\n";
    return (text + "crc32c = " + checksum(text) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// @param file named in errors
  static StoreIdentity decode(byte[] bytes, String file) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!text.startsWith(MAGIC)) {
      throw new DataDirectoryException(file + " is not the identity of a Skarb store");
    }
    String version = text.substring(MAGIC.length()).lines().findFirst().orElse("");
    if (!version.equals(Integer.toString(VERSION))) {
      throw new DataDirectoryException(
          file + " has format version " + version + ", this program reads version " + VERSION);
    }
    int checked = text.indexOf("crc32c = ");
    Map<String, String> fields = new LinkedHashMap<>();
    text.lines()
        .filter(line -> line.contains(" = "))
        .forEach(line -> {
          int equals = line.indexOf(" = ");
          fields.put(line.substring(0, equals), line.substring(equals + 3));
        });
    if (checked < 0 || !checksum(text.substring(0, checked)).equals(fields.get("crc32c"))) {
      throw new DataDirectoryException(file + " is damaged: its checksum does not match");
    }
    return new StoreIdentity(
        field(fields, "store-id", file),
        new SiteId(Integer.parseUnsignedInt(field(fields, "site-id", file), 16)),
        field(fields, "site-name", file));
  }

  private static String field(Map<String, String> fields, String name, String file) {
    String value = fields.get(name);
    if (value == null) {
      throw new DataDirectoryException(file + " lacks " + name);
    }
    return value;
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
