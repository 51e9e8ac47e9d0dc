package skarb.node.joining;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.access.KeyProofs;
import skarb.node.access.SecretSealedElsewhereException;
import skarb.node.access.StoredKey;
import skarb.node.certs.Credentials;
import skarb.node.certs.SiteNames;
import skarb.node.model.NodeException;
import skarb.node.model.SiteId;
import skarb.v1.ErrorReason;
import skarb.v1.JoiningJoinRequest;
import skarb.v1.JoiningJoinResponse;
import skarb.v1.KeyProof;
import skarb.v1.MemberValue;
import skarb.v1.RealmKey;
import skarb.v1.RealmMember;

/// The side that invites.
///
/// ```
///  admit:
///   1. does the invitation hold?                   else INVITATION_INVALID
///   2. can the two be of one realm?                else JOIN_REFUSED, and the invitation holds on
///   3. a certificate is issued                     in memory
///   4. the invitation is used up                   durable
///   5. both sites are members                      durable, one commit each
///   6. the answer goes out
/// ```
///
/// A crash behind 4 costs the invitation; one behind 5 leaves a member that never came, which may
/// come again with another invitation: it is known by having sent no entries yet. Safe for any
/// thread.
public final class Admission {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final Pattern SITE_ID = Pattern.compile("[0-9a-f]{8}");
  private static final int MAX_ADDRESS_LENGTH = 300;

  private final LocalRealm realm;
  private final Invitations invitations;

  public Admission(LocalRealm realm, Invitations invitations) {
    this.realm = realm;
    this.invitations = invitations;
  }

  /// An invitation that was made.
  ///
  /// @param invitation the line
  /// @param expiresMillis when it ends, Unix milliseconds
  public record Invited(Invitation invitation, long expiresMillis) {}

  /// Makes an invitation.
  ///
  /// @param address where the one who is invited reaches this site; empty: as the server knows
  /// @throws NodeException JOIN_REFUSED where nobody could come, INVALID_ARGUMENT
  public Invited invite(Duration ttl, String address) {
    if (!realm.address().listens()) {
      throw refused(
          "no other site can come to this one: run its server with --peer-listen HOST:PORT");
    }
    String reachable =
        Optional.of(address)
            .filter(text -> !text.isEmpty())
            .or(() -> realm.address().reachable())
            .orElseThrow(() ->
                refused(
                    "the server listens at every address: say by which others reach it, with"
                        + " --address HOST:PORT here or --peer-address at the server"));
    Credentials credentials = credentials();
    if (credentials.authorityKey().isEmpty()) {
      throw refused("the authority's key is not at this site, so that it can invite nobody");
    }
    Invitations.Made made = invitations.make(ttl);
    return new Invited(
        new Invitation(reachable, SiteNames.fingerprint(credentials.authority()), made.secret()),
        made.expires().toEpochMilli());
  }

  private Credentials credentials() {
    try {
      return realm.certificates().ensure();
    } catch (IOException e) {
      throw LocalRealm.unwritable(e);
    }
  }

  /// Takes a site in.
  ///
  /// @throws NodeException INVITATION_INVALID, JOIN_REFUSED, INVALID_ARGUMENT
  public JoiningJoinResponse admit(JoiningJoinRequest request) {
    byte[] secret = request.getSecret().toByteArray();
    invitations.check(secret);
    SiteId joiner = site(request);
    mustFit(joiner);
    request.getKeysList().forEach(proof -> mustAgree(secret, proof));
    X509Certificate issued = issue(request, joiner);
    invitations.use(secret);
    realm.setMember(
        realm.site(), realm.certificates().siteName(), realm.address().reachable().orElse(""));
    realm.setMember(joiner, request.getSiteName(), request.getAddress());
    LOG.info("site {} ({}) joined the realm", joiner, request.getSiteName());
    return answer(issued);
  }

  private static SiteId site(JoiningJoinRequest request) {
    if (!SITE_ID.matcher(request.getSiteId()).matches()
        || !NAME.matcher(request.getSiteName()).matches()
        || request.getAddress().length() > MAX_ADDRESS_LENGTH) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT, "not the id, name and address of a site");
    }
    return new SiteId(HexFormat.fromHexDigits(request.getSiteId()));
  }

  /// Ids are random, so two sites with one id are copies of one data directory; and a site whose
  /// entries are here joined before.
  private void mustFit(SiteId joiner) {
    if (joiner.equals(realm.site()) || joiner.value() == 0) {
      throw refused(
          "both sites have the id "
              + joiner
              + ": one data directory is a copy of the other, and two stores cannot be one site");
    }
    if (realm.catalog().heads().keySet().stream().anyMatch(id -> id.site().equals(joiner))) {
      throw refused(
          "site "
              + joiner
              + " joined this realm before: either its data directory is a copy of that site's, or"
              + " it was put back to an earlier state, and then it must come back as a new site");
    }
  }

  /// Where both have a key of one id, the secrets must be one too: else the later would silently
  /// take the place of the other, at both sites.
  private void mustAgree(byte[] shared, KeyProof proof) {
    Optional<StoredKey> own =
        realm.keys().find(proof.getAccessKeyId()).filter(key -> !same(shared, proof, key));
    if (own.isPresent()) {
      throw refused(
          "both sites have the access key "
              + proof.getAccessKeyId()
              + ", with different secrets: delete it at one of them first");
    }
  }

  private boolean same(byte[] shared, KeyProof proof, StoredKey own) {
    try {
      String secret = realm.box().open(own.accessKeyId(), own.key().getSecret());
      return MessageDigest.isEqual(
          KeyProofs.proof(shared, own.accessKeyId(), secret), proof.getProof().toByteArray());
    } catch (SecretSealedElsewhereException e) {
      LOG.error("{}", e.getMessage());
      return false;
    }
  }

  private X509Certificate issue(JoiningJoinRequest request, SiteId joiner) {
    try {
      return realm
          .certificates()
          .issue(request.getCertificateRequest().toByteArray(), joiner, request.getSiteName(), "");
    } catch (IOException e) {
      throw LocalRealm.unwritable(e);
    }
  }

  private JoiningJoinResponse answer(X509Certificate issued) {
    Credentials own = credentials();
    JoiningJoinResponse.Builder answer =
        JoiningJoinResponse.newBuilder().setSiteId(realm.site().toString());
    realm
        .keyring()
        .numbered()
        .forEach((number, key) ->
            answer.addRealmKeys(
                RealmKey.newBuilder().setNumber(number).setKey(ByteString.copyFrom(key))));
    try {
      for (X509Certificate each : own.authorities()) {
        answer.addAuthorities(ByteString.copyFrom(each.getEncoded()));
      }
      answer.setCertificate(ByteString.copyFrom(issued.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
    own.authorityKey()
        .ifPresent(key -> answer.setAuthorityKey(ByteString.copyFrom(key.getEncoded())));
    realm.catalog().members().stream()
        .filter(row -> !row.value().getLeft())
        .forEach(row -> answer.addMembers(member(row.site(), row.value())));
    return answer.build();
  }

  private static RealmMember member(SiteId site, MemberValue value) {
    return RealmMember.newBuilder()
        .setSiteId(site.toString())
        .setName(value.getName())
        .setAddress(value.getAddress())
        .build();
  }

  static NodeException refused(String what) {
    return new NodeException(ErrorReason.ERROR_REASON_JOIN_REFUSED, what, Map.of("what", what));
  }
}
