package skarb.node.joining;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.access.AccessKeys;
import skarb.node.access.RealmKeyring;
import skarb.node.access.SecretBox;
import skarb.node.access.StoredKey;
import skarb.node.certs.SiteCertificates;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.index.Catalog;
import skarb.node.model.SiteId;
import skarb.node.oplog.Replication;
import skarb.node.peers.PeerRegistry;
import skarb.v1.MemberValue;
import skarb.v1.SealedSecret;

/// What of the realm lies at this site.
///
/// @param certificates by which sites know this one
/// @param keyring the keys that seal secrets
/// @param replication told of the realm
/// @param catalog the rows
/// @param commits takes members and secrets
/// @param keys the access keys
/// @param box opens and seals their secrets
/// @param peers whom this site dials
/// @param address where others reach it
public record LocalRealm(
    SiteCertificates certificates,
    RealmKeyring keyring,
    Replication replication,
    Catalog catalog,
    CommitPipeline commits,
    AccessKeys keys,
    SecretBox box,
    PeerRegistry peers,
    ListenAddress address) {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRealm.class);
  private static final int PAGE = 1_000;

  /// The most access keys that two sites compare when one joins.
  static final int MOST_PROOFS = 10_000;

  SiteId site() {
    return certificates.site();
  }

  /// Makes a site a member, or says anew what is known of it.
  void setMember(SiteId site, String name, String reachableAt) {
    Committed _ =
        commits.commit(
            Submission.of(
                new Mutation.SetMember(
                    site, MemberValue.newBuilder().setName(name).setAddress(reachableAt).build()),
                Optional.empty()));
  }

  /// The access keys, in order of their ids, up to [#MOST_PROOFS].
  List<StoredKey> someKeys() {
    List<StoredKey> all = new ArrayList<>();
    List<StoredKey> page = keys.list("", PAGE);
    while (!page.isEmpty() && all.size() < MOST_PROOFS) {
      all.addAll(page);
      page = keys.list(page.getLast().accessKeyId(), PAGE);
    }
    return all;
  }

  /// Writes each secret that is sealed under a key of a former realm anew, under the realm's own,
  /// as an entry that all sites get. What is done already is left alone.
  public void resealSecrets() {
    if (!keyring.hasFormer()) {
      return;
    }
    int resealed = 0;
    List<StoredKey> page = keys.list("", PAGE);
    while (!page.isEmpty()) {
      for (StoredKey each : page) {
        SealedSecret sealed = each.key().getSecret();
        Optional<SealedSecret> anew = box.resealed(each.accessKeyId(), sealed);
        if (anew.isPresent()) {
          Committed _ =
              commits.commit(
                  Submission.of(
                      new Mutation.ResealKey(each.accessKeyId(), sealed, anew.get()),
                      Optional.empty()));
          resealed++;
        }
      }
      page = keys.list(page.getLast().accessKeyId(), PAGE);
    }
    if (resealed > 0) {
      LOG.info("{} secrets were sealed anew under the realm's key", resealed);
    }
  }

  /// From now on this site is one of the realm whose keys are in the ring.
  void nameRealm() {
    replication.isOfRealm(ByteString.copyFrom(keyring.realmId()));
  }

  static RuntimeException unwritable(IOException e) {
    return new UncheckedIOException("what joining needs cannot be written: " + e.getMessage(), e);
  }

  @Override
  public String toString() {
    return "LocalRealm[" + site() + "]";
  }
}
