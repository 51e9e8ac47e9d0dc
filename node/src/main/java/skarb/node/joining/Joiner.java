package skarb.node.joining;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.access.KeyProofs;
import skarb.node.access.SealedFile;
import skarb.node.access.StoredKey;
import skarb.node.certs.Credentials;
import skarb.node.certs.JoinKeys;
import skarb.node.certs.SiteNames;
import skarb.node.disk.CorruptFileException;
import skarb.node.joining.JoinSteps.Step;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.node.peers.PeerRecord;
import skarb.v1.AcceptedJoin;
import skarb.v1.ErrorReason;
import skarb.v1.JoiningGrpc;
import skarb.v1.JoiningJoinRequest;
import skarb.v1.JoiningJoinResponse;
import skarb.v1.KeyProof;
import skarb.v1.RealmMember;

/// The side that joins.
///
/// ```
///  join:
///   1. ask the other site, over TLS that ends at the authority of the invitation's fingerprint
///   2. check the answer; nothing is written before
///   3. write it whole to the sealed file `join`: from here on this site has joined
///  finish, and again at each start while that file is there:
///   4. the realm's keys into the ring; those of this store's own realm open what they sealed
///   5. the realm's certificate in place of the own
///   6. both sites members, here too
///   7. each secret sealed anew under the realm's key: an entry each
///   8. the other site into the registry: it is dialled, and entries flow both ways
///   9. delete the file
/// ```
///
/// Each of 4 to 8 may be done twice and changes nothing then, so a crash anywhere leaves either a
/// site that did not join, and can with another invitation, or one that finishes at its next start.
/// Nothing must be restarted. Entries flow from 8 on, so that other sites never wait for a secret
/// that they can open: it follows the one that they cannot in the order of this journal.
///
/// Safe for any thread; one joins at a time.
public final class Joiner {
  private static final Logger LOG = LoggerFactory.getLogger(Joiner.class);
  private static final long DEADLINE_SECONDS = 30;

  private final Seams seams;
  private final LocalRealm realm;
  private final SealedFile file;
  private final JoinSteps steps;
  private final ReentrantLock joining = new ReentrantLock();

  /// @param file holds an answer that was accepted and is not in force everywhere yet
  public Joiner(Seams seams, LocalRealm realm, SealedFile file, JoinSteps steps) {
    this.seams = seams;
    this.realm = realm;
    this.file = file;
    this.steps = steps;
  }

  /// Joins the realm of the site that invited.
  ///
  /// @return that site
  /// @throws NodeException INVALID_ARGUMENT for what is no invitation, INVITATION_INVALID or
  ///   JOIN_REFUSED
  public RealmMember join(String line) {
    Invitation invitation;
    try {
      invitation = Invitation.parse(line);
    } catch (IllegalArgumentException e) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          String.valueOf(e.getMessage()),
          Map.of("field", "invitation"));
    }
    joining.lock();
    try {
      resume();
      mustBeAlone();
      AcceptedJoin accepted = ask(invitation);
      steps.reached(Step.ANSWERED);
      file.write(accepted.toByteArray());
      steps.reached(Step.ACCEPTED);
      return finish(accepted);
    } catch (IOException e) {
      throw LocalRealm.unwritable(e);
    } finally {
      joining.unlock();
    }
  }

  private void mustBeAlone() {
    realm.catalog().members().stream()
        .filter(row -> !row.site().equals(realm.site()) && !row.value().getLeft())
        .findFirst()
        .ifPresent(row -> {
          throw Admission.refused(
              "this site is of a realm with others already: with site "
                  + row.site()
                  + " ("
                  + row.value().getName()
                  + ")");
        });
  }

  private AcceptedJoin ask(Invitation invitation) throws IOException {
    JoinKeys keys = new JoinKeys(realm.certificates().siteName(), seams);
    JoiningJoinRequest.Builder request =
        JoiningJoinRequest.newBuilder()
            .setSecret(ByteString.copyFrom(invitation.secret()))
            .setSiteId(realm.site().toString())
            .setSiteName(realm.certificates().siteName())
            .setCertificateRequest(ByteString.copyFrom(keys.request()))
            .setAddress(realm.address().reachable().orElse(""));
    for (StoredKey key : realm.someKeys()) {
      String secret = realm.box().open(key.accessKeyId(), key.key().getSecret());
      request.addKeys(
          KeyProof.newBuilder()
              .setAccessKeyId(key.accessKeyId())
              .setProof(
                  ByteString.copyFrom(
                      KeyProofs.proof(invitation.secret(), key.accessKeyId(), secret))));
    }
    JoiningJoinResponse answer = call(invitation, keys, request.build());
    AcceptedJoin accepted =
        AcceptedJoin.newBuilder()
            .setAnswer(answer)
            .setPrivateKey(ByteString.copyFrom(keys.privateKey()))
            .setAddress(invitation.address())
            .build();
    Credentials credentials = credentials(accepted);
    realm.certificates().mustBeOurs(credentials);
    String found = SiteNames.fingerprint(credentials.authority());
    if (!MessageDigest.isEqual(ascii(found), ascii(invitation.fingerprint()))) {
      throw Admission.refused("the answer is of another authority than the invitation");
    }
    RealmMember _ = other(accepted);
    return accepted;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static JoiningJoinResponse call(
      Invitation invitation, JoinKeys keys, JoiningJoinRequest request) throws IOException {
    ManagedChannel channel;
    try {
      channel = keys.channel(invitation.address(), invitation.fingerprint());
    } catch (IllegalArgumentException e) {
      throw Admission.refused("the invitation's address cannot be used");
    }
    // Of the operator's call nothing must go along: neither its cancellation, which would leave a
    // member that never came, nor its deadline, which runs by the node's clock and not by gRPC's.
    Context outer = Context.ROOT.attach();
    try {
      return JoiningGrpc.newBlockingStub(channel)
          .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
          .join(request);
    } catch (StatusRuntimeException e) {
      throw refusal(invitation, e.getStatus());
    } finally {
      Context.ROOT.detach(outer);
      channel.shutdownNow();
    }
  }

  private static NodeException refusal(Invitation invitation, Status status) {
    String text = String.valueOf(status.getDescription());
    return switch (status.getCode()) {
      case PERMISSION_DENIED ->
          new NodeException(ErrorReason.ERROR_REASON_INVITATION_INVALID, text);
      case FAILED_PRECONDITION, INVALID_ARGUMENT -> Admission.refused(text);
      default ->
          Admission.refused(
              "no site of the invitation's realm answers at "
                  + invitation.address()
                  + ": "
                  + rootCause(status));
    };
  }

  private static String rootCause(Status status) {
    Throwable cause = status.getCause();
    String text = status.getDescription();
    while (cause != null) {
      text = cause.getMessage() == null ? text : cause.getMessage();
      cause = cause.getCause();
    }
    return text == null ? status.getCode().toString() : text;
  }

  private static Credentials credentials(AcceptedJoin accepted) {
    JoiningJoinResponse answer = accepted.getAnswer();
    try {
      return JoinKeys.credentials(
          answer.getAuthoritiesList().stream().map(ByteString::toByteArray).toList(),
          answer.getAuthorityKey().toByteArray(),
          answer.getCertificate().toByteArray(),
          accepted.getPrivateKey().toByteArray());
    } catch (GeneralSecurityException e) {
      throw Admission.refused("the answer's certificates cannot be read: " + e.getMessage());
    }
  }

  /// The site that answered.
  private RealmMember other(AcceptedJoin accepted) {
    List<RealmMember> members = accepted.getAnswer().getMembersList();
    String id = accepted.getAnswer().getSiteId();
    Optional<RealmMember> other =
        members.stream().filter(each -> each.getSiteId().equals(id)).findFirst();
    String self = realm.site().toString();
    if (other.isEmpty()
        || id.equals(self)
        || members.stream().noneMatch(each -> each.getSiteId().equals(self))) {
      throw Admission.refused("the answer does not make both sites members");
    }
    return other.get();
  }

  /// Finishes what a crash interrupted; nothing where nothing was.
  ///
  /// @throws IOException if the file cannot be read, or what it says not be written
  public void resume() throws IOException {
    joining.lock();
    try {
      Optional<byte[]> stored = file.read();
      if (stored.isEmpty()) {
        realm.resealSecrets();
        return;
      }
      LOG.info("joining goes on where it was interrupted");
      RealmMember _ = finish(AcceptedJoin.parseFrom(stored.get()));
    } catch (InvalidProtocolBufferException e) {
      throw new CorruptFileException(file.path(), 0, "an accepted answer", e.getMessage() + "");
    } finally {
      joining.unlock();
    }
  }

  private RealmMember finish(AcceptedJoin accepted) throws IOException {
    RealmMember other = other(accepted);
    SiteId otherSite = new SiteId(HexFormat.fromHexDigits(other.getSiteId()));
    Map<Integer, byte[]> keys = new LinkedHashMap<>();
    accepted
        .getAnswer()
        .getRealmKeysList()
        .forEach(each -> keys.put(each.getNumber(), each.getKey().toByteArray()));
    realm.keyring().adopt(keys);
    steps.reached(Step.KEYS);
    realm.certificates().adoptChecked(credentials(accepted));
    realm.nameRealm();
    steps.reached(Step.CERTIFICATES);
    setMember(otherSite, other.getName(), other.getAddress());
    setMember(
        realm.site(), realm.certificates().siteName(), realm.address().reachable().orElse(""));
    steps.reached(Step.MEMBERS);
    realm.resealSecrets();
    steps.reached(Step.SECRETS);
    dial(otherSite, other.getName(), accepted.getAddress());
    steps.reached(Step.PEER);
    file.delete();
    realm.resealSecrets(); // of keys that were being made when the ring changed
    LOG.info("joined the realm of site {} ({})", otherSite, other.getName());
    return other;
  }

  /// Others may know more by the time that an interrupted joining goes on: what is said of a site
  /// already stays.
  private void setMember(SiteId site, String name, String address) {
    if (realm.catalog().member(site).isEmpty()) {
      realm.setMember(site, name, address);
    }
  }

  private void dial(SiteId site, String name, String address) {
    try {
      realm.peers().put(new PeerRecord(site, name, address, false, 0));
    } catch (IllegalArgumentException nameIsTaken) {
      realm.peers().put(new PeerRecord(site, "site-" + site, address, false, 0));
    }
  }
}
