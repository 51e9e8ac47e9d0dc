package skarb.node.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.access.AccessKeys;
import skarb.node.access.Caller;
import skarb.node.access.KeyForms;
import skarb.node.access.SecretBox;
import skarb.node.access.SecretSealedElsewhereException;
import skarb.node.access.SignatureVerifier;
import skarb.node.access.StoredKey;
import skarb.node.access.Tokens;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.KeyFence;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.model.NodeException;
import skarb.v1.AccessGrpc;
import skarb.v1.AccessKey;
import skarb.v1.CreateKeyRequest;
import skarb.v1.CreateKeyResponse;
import skarb.v1.CreateTokenRequest;
import skarb.v1.CreateTokenResponse;
import skarb.v1.DeleteKeyRequest;
import skarb.v1.DeleteKeyResponse;
import skarb.v1.ErrorReason;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ListKeysRequest;
import skarb.v1.ListKeysResponse;
import skarb.v1.SetKeyEnabledRequest;
import skarb.v1.SetKeyEnabledResponse;
import skarb.v1.UserInfo;
import skarb.v1.UserValue;
import skarb.v1.VerifySignatureRequest;
import skarb.v1.VerifySignatureResponse;

/// `skarb.v1.Access`.
public final class AccessService extends AccessGrpc.AccessImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(AccessService.class);
  private static final int MAX_PAGE_SIZE = 1000;
  private static final int MAX_TEXT_LENGTH = 256;
  private static final int MAX_STRING_TO_SIGN = 4096;
  private static final int RANDOM_ID_LENGTH = 20;
  private static final int RANDOM_SECRET_LENGTH = 40;
  private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String SECRET_ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final Pattern USER_ID = Pattern.compile("[!-~]{1,128}");
  private static final Pattern NO_CONTROLS = Pattern.compile("[^\\p{Cntrl}]*");
  private static final String LISTING = "keys";

  private final AccessKeys keys;
  private final SecretBox secrets;
  private final SignatureVerifier signatures;
  private final Tokens tokens;
  private final CommitPipeline commits;
  private final RandomGenerator random;

  /// @param keys the keys as they are
  /// @param secrets seals and opens their secrets
  /// @param signatures judges signatures
  /// @param tokens makes tokens
  /// @param commits takes changes
  /// @param random cryptographically strong
  public AccessService(
      AccessKeys keys,
      SecretBox secrets,
      SignatureVerifier signatures,
      Tokens tokens,
      CommitPipeline commits,
      RandomGenerator random) {
    this.keys = keys;
    this.secrets = secrets;
    this.signatures = signatures;
    this.tokens = tokens;
    this.commits = commits;
    this.random = random;
  }

  @Override
  public void verifySignature(
      VerifySignatureRequest request, StreamObserver<VerifySignatureResponse> responses) {
    if (request.getStringToSign().length() > MAX_STRING_TO_SIGN) {
      throw Requests.invalid("string_to_sign", "the string to sign is too long");
    }
    SignatureVerifier.Verified verified =
        signatures.verify(
            new SignatureVerifier.Claim(
                request.getAccessKeyId(),
                request.getDate(),
                request.getRegion(),
                request.getService(),
                request.getStringToSign(),
                request.getSignature()));
    responses.onNext(
        VerifySignatureResponse.newBuilder()
            .setKeyGeneration(verified.key().generation())
            .setSigningKey(ByteString.copyFrom(verified.signingKey()))
            .setUser(userInfo(verified.key().userId(), verified.key().user()))
            .build());
    responses.onCompleted();
  }

  @Override
  public void createKey(CreateKeyRequest request, StreamObserver<CreateKeyResponse> responses) {
    String accessKeyId =
        request.hasAccessKeyId()
            ? matching(KeyForms.ACCESS_KEY_ID, "access_key_id", request.getAccessKeyId())
            : randomText(ID_ALPHABET, RANDOM_ID_LENGTH);
    String secret =
        request.hasSecretKey()
            ? matching(KeyForms.SECRET, "secret_key", request.getSecretKey())
            : randomText(SECRET_ALPHABET, RANDOM_SECRET_LENGTH);
    String userId =
        request.hasUserId() ? matching(USER_ID, "user_id", request.getUserId()) : accessKeyId;
    if (request.getRole() == KeyRole.UNRECOGNIZED) {
      throw Requests.invalid("role", "no such role");
    }
    AccessKey key =
        AccessKey.newBuilder()
            .setUserId(userId)
            .setSecret(secrets.seal(accessKeyId, secret))
            .setEnabled(true)
            .setOperator(request.getRole() == KeyRole.KEY_ROLE_OPERATOR)
            .setGateway(request.getRole() == KeyRole.KEY_ROLE_GATEWAY)
            .build();
    UserValue newUser =
        UserValue.newBuilder()
            .setDisplayName(
                request.hasDisplayName() ? text("display_name", request.getDisplayName()) : userId)
            .setEmail(text("email", request.getEmail()))
            .build();
    Committed.KeyStored stored =
        stored(
            commits.commit(
                Submission.of(
                    new Mutation.CreateKey(
                        accessKeyId,
                        key,
                        Optional.of(newUser),
                        existing ->
                            request.getIfAbsent()
                                && isSame(request, accessKeyId, secret, existing)),
                    fence())));
    responses.onNext(
        CreateKeyResponse.newBuilder().setKey(keyInfo(stored)).setSecretKey(secret).build());
    responses.onCompleted();
  }

  /// Whether a key that exists is the one that is asked for: the same secret and, where one is
  /// named, the same user. The committer asks, so this never throws: a secret that does not open is
  /// another one.
  private boolean isSame(
      CreateKeyRequest request, String accessKeyId, String secret, AccessKey existing) {
    String existingSecret;
    try {
      existingSecret = secrets.open(accessKeyId, existing.getSecret());
    } catch (SecretSealedElsewhereException e) {
      LOG.error("{}", e.getMessage());
      return false;
    }
    return MessageDigest.isEqual(
            secret.getBytes(StandardCharsets.UTF_8),
            existingSecret.getBytes(StandardCharsets.UTF_8))
        && (!request.hasUserId() || request.getUserId().equals(existing.getUserId()));
  }

  @Override
  public void listKeys(ListKeysRequest request, StreamObserver<ListKeysResponse> responses) {
    int pageSize = Requests.pageSize(request.hasPageSize(), request.getPageSize(), MAX_PAGE_SIZE);
    if (pageSize == 0) {
      throw Requests.invalid("page_size", "a page has 1 to 1,000 keys");
    }
    String after =
        request.getPageToken().isEmpty()
            ? ""
            : PageTokens.decode(LISTING, request.getPageToken()).toStringUtf8();
    List<StoredKey> found = keys.list(after, pageSize + 1);
    List<StoredKey> page = found.subList(0, Math.min(pageSize, found.size()));
    ListKeysResponse.Builder response = ListKeysResponse.newBuilder();
    page.forEach(key -> response.addKeys(keyInfo(key)));
    if (found.size() > pageSize) {
      response.setNextPageToken(
          PageTokens.encode(LISTING, ByteString.copyFromUtf8(page.getLast().accessKeyId())));
    }
    responses.onNext(response.build());
    responses.onCompleted();
  }

  @Override
  public void setKeyEnabled(
      SetKeyEnabledRequest request, StreamObserver<SetKeyEnabledResponse> responses) {
    Committed.KeyStored stored =
        stored(
            commits.commit(
                Submission.of(
                    new Mutation.SetKeyEnabled(request.getAccessKeyId(), request.getEnabled()),
                    fence())));
    responses.onNext(SetKeyEnabledResponse.newBuilder().setKey(keyInfo(stored)).build());
    responses.onCompleted();
  }

  @Override
  public void deleteKey(DeleteKeyRequest request, StreamObserver<DeleteKeyResponse> responses) {
    Committed _ =
        commits.commit(Submission.of(new Mutation.DeleteKey(request.getAccessKeyId()), fence()));
    responses.onNext(DeleteKeyResponse.getDefaultInstance());
    responses.onCompleted();
  }

  @Override
  public void createToken(
      CreateTokenRequest request, StreamObserver<CreateTokenResponse> responses) {
    StoredKey key =
        request.hasAccessKeyId()
            ? keys.find(request.getAccessKeyId())
                .filter(StoredKey::enabled)
                .orElseThrow(() -> noSuchKey(request.getAccessKeyId()))
            : firstKey();
    java.time.Duration ttl = request.hasTtl() ? duration(request.getTtl()) : Tokens.DEFAULT_TTL;
    Tokens.Token token = tokens.issue(key.accessKeyId(), key.generation(), ttl);
    responses.onNext(
        CreateTokenResponse.newBuilder()
            .setToken(token.text())
            .setExpires(Answers.timestamp(token.expires().toEpochMilli()))
            .setAccessKeyId(key.accessKeyId())
            .build());
    responses.onCompleted();
  }

  /// The enabled key that was made first, of those that own things.
  private StoredKey firstKey() {
    Optional<StoredKey> first = Optional.empty();
    List<StoredKey> page = keys.list("", MAX_PAGE_SIZE);
    while (!page.isEmpty()) {
      Optional<StoredKey> candidate =
          page.stream()
              .filter(key -> key.enabled() && !key.key().getGateway())
              .min(Comparator.comparingLong(key -> key.key().getCreatedMillis()));
      if (candidate.isPresent()
          && (first.isEmpty()
              || candidate.get().key().getCreatedMillis() < first.get().key().getCreatedMillis())) {
        first = candidate;
      }
      page = keys.list(page.getLast().accessKeyId(), MAX_PAGE_SIZE);
    }
    return first.orElseThrow(() -> noSuchKey(""));
  }

  private static java.time.Duration duration(Duration ttl) {
    try {
      return java.time.Duration.ofSeconds(ttl.getSeconds(), ttl.getNanos());
    } catch (ArithmeticException e) {
      throw Requests.invalid("ttl", "a token works for 1 second to 7 days");
    }
  }

  /// A manager's own key must still be what it was when the change commits.
  private static Optional<KeyFence> fence() {
    return CallKeys.CALLER.get() instanceof Caller.KeyCaller key
        ? Optional.of(key.fence())
        : Optional.empty();
  }

  private static Committed.KeyStored stored(Committed committed) {
    if (committed.answer() instanceof Committed.KeyStored stored) {
      return stored;
    }
    throw new IllegalStateException("not the answer to a change of a key: " + committed);
  }

  private static KeyInfo keyInfo(Committed.KeyStored stored) {
    return keyInfo(
        new StoredKey(stored.accessKeyId(), stored.generation(), stored.key(), stored.user()));
  }

  private static KeyInfo keyInfo(StoredKey key) {
    return KeyInfo.newBuilder()
        .setAccessKeyId(key.accessKeyId())
        .setUser(userInfo(key.userId(), key.user()))
        .setEnabled(key.enabled())
        .setGeneration(key.generation())
        .setCreated(Answers.timestamp(key.key().getCreatedMillis()))
        .setRole(role(key))
        .build();
  }

  private static KeyRole role(StoredKey key) {
    if (key.key().getGateway()) {
      return KeyRole.KEY_ROLE_GATEWAY;
    }
    return key.key().getOperator() ? KeyRole.KEY_ROLE_OPERATOR : KeyRole.KEY_ROLE_UNSPECIFIED;
  }

  private static UserInfo userInfo(String userId, UserValue user) {
    return UserInfo.newBuilder()
        .setUserId(userId)
        .setDisplayName(user.getDisplayName())
        .setEmail(user.getEmail())
        .build();
  }

  private static NodeException noSuchKey(String accessKeyId) {
    return new NodeException(
        ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY,
        "no such access key, or it is disabled",
        Map.of("access_key_id", accessKeyId));
  }

  private static String matching(Pattern pattern, String field, String value) {
    if (!pattern.matcher(value).matches()) { // the value may be a secret
      throw Requests.invalid(field, field + " is not of the form that the protocol documents");
    }
    return value;
  }

  private static String text(String field, String value) {
    if (value.length() > MAX_TEXT_LENGTH || !NO_CONTROLS.matcher(value).matches()) {
      throw Requests.invalid(field, field + " is too long or has control characters");
    }
    return value;
  }

  /// Alphabets of 32 or 64 letters, so that each letter is as likely as any other.
  private String randomText(String alphabet, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
