package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// What is wrong with credentials in headers, and what S3 says to it.
class SigV4HeaderErrorsTest {
  private static final CredentialScope SCOPE = new CredentialScope("20130524", "us-east-1", "s3");

  private final Authentications today = new Authentications("2013-05-24T00:00:00Z");

  private static TestRequest withAuthorization(String value) {
    return TestRequest.get().header("authorization", value);
  }

  private static String authorization(String credential) {
    return "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=host, Signature=%s"
        .formatted(credential, "0".repeat(64));
  }

  @Test
  void noCredentialsAreAnonymous() {
    TestRequest request = TestRequest.of("GET", "/bucket/key").header("host", "localhost");

    assertThat(today.authenticator.authenticate(request.head()))
        .isEqualTo(new Authentication.Anonymous(new PayloadSigning.Unsigned()));
    assertThat(today.node.asked()).isZero();
  }

  @Test
  void aWrongSignatureIsExplained() {
    TestRequest request = TestRequest.get().signed().replace("host", "elsewhere");

    S3Exception refusal = today.refused(request, S3Error.SIGNATURE_DOES_NOT_MATCH);

    assertThat(refusal.details().keySet())
        .containsExactly("AWSAccessKeyId", "StringToSign", "SignatureProvided", "CanonicalRequest");
    assertThat(refusal.details())
        .contains(entry("AWSAccessKeyId", TestKeys.ID))
        .containsEntry(
            "CanonicalRequest",
            """
            GET
            /bucket/key

            host:elsewhere
            x-amz-content-sha256:UNSIGNED-PAYLOAD
            x-amz-date:20130524T000000Z

            host;x-amz-content-sha256;x-amz-date
            UNSIGNED-PAYLOAD\
            """);
    assertThat(refusal.details().get("StringToSign"))
        .startsWith("AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n");
  }

  @Test
  void aSignatureThatCannotBeOneDoesNotMatch() {
    TestRequest request =
        withAuthorization(
            "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=%s"
                .formatted(TestKeys.ID, SCOPE.text(), "nonsense"));

    today.refused(request, S3Error.SIGNATURE_DOES_NOT_MATCH);

    assertThat(today.node.asked()).isZero();
  }

  @Test
  void anUnknownKeyIsNamed() {
    today.node.remove(TestKeys.ID);

    S3Exception refusal = today.refused(TestRequest.get().signed(), S3Error.INVALID_ACCESS_KEY_ID);

    assertThat(refusal.details()).containsExactly(entry("AWSAccessKeyId", TestKeys.ID));
  }

  @Test
  void fifteenMinutesOfSkewAreFineAndMoreIsNot() {
    today.clock.advance(Duration.ofMinutes(15));
    today.accepted(TestRequest.get().signed());

    today.clock.advance(Duration.ofSeconds(1));
    S3Exception refusal =
        today.refused(TestRequest.get().signed(), S3Error.REQUEST_TIME_TOO_SKEWED);

    assertThat(refusal.details())
        .containsExactly(
            entry("RequestTime", "20130524T000000Z"),
            entry("ServerTime", "2013-05-24T00:15:01Z"),
            entry("MaxAllowedSkewMilliseconds", "900000"));
  }

  @Test
  void aRequestFromTheFutureIsSkewedToo() {
    Authentications past = new Authentications("2013-05-23T23:44:59Z");

    past.refused(TestRequest.get().signed(), S3Error.REQUEST_TIME_TOO_SKEWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bad Date", "20130524", "20130532T000000Z", "Sat, 01 Jan 1950 00:00:00 GMT"})
  void aDateThatIsNoneIsDenied(String date) {
    S3Exception refusal =
        today.refused(
            TestRequest.get().signed().replace("x-amz-date", date), S3Error.ACCESS_DENIED);

    assertThat(refusal.shownMessage())
        .isEqualTo("AWS authentication requires a valid Date or x-amz-date header");
  }

  @Test
  void aDateHeaderDoesWhereThereIsNoOther() {
    TestRequest request =
        TestRequest.get()
            .without("x-amz-date")
            .header("date", "Fri, 24 May 2013 00:00:00 GMT")
            .signed();
    today.accepted(request);

    today.refused(request.without("date"), S3Error.ACCESS_DENIED);
  }

  @Test
  void theScopesDateMustBeTheRequests() {
    TestRequest request =
        TestRequest.get()
            .signed(
                new CredentialScope("20130523", "us-east-1", "s3"),
                List.of("host", "x-amz-content-sha256", "x-amz-date"));

    S3Exception refusal = today.refused(request, S3Error.AUTHORIZATION_HEADER_MALFORMED);

    assertThat(refusal.shownMessage())
        .contains("Invalid credential date \"20130523\"", "X-Amz-Date: \"20130524\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          K/20130524/r/ec2/aws4_request | incorrect service "ec2". This endpoint belongs to "s3".
          K/20130524/r/s3/aws3_request  | incorrect terminal "aws3_request". This endpoint uses "aws4_request".
          K/2013-5-4/r/s3/aws4_request  | incorrect date format "2013-5-4". This date in the credential must be in the format "yyyyMMdd".
          K/20130524/r/s3               | the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".
          K                             | the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".
          /20130524/r/s3/aws4_request   | the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".
          a/b/20130524/r/s3/aws4_request| the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".
          """)
  void aCredentialThatDoesNotFitIsMalformed(String credential, String message) {
    S3Exception refusal =
        today.refused(
            withAuthorization(authorization(credential)), S3Error.AUTHORIZATION_HEADER_MALFORMED);

    assertThat(refusal.shownMessage())
        .isEqualTo("The authorization header is malformed; " + message);
  }

  @Test
  void anyRegionWillDoUnlessOneIsRequired() {
    List<String> names = List.of("host", "x-amz-content-sha256", "x-amz-date");
    today.accepted(
        TestRequest.get().signed(new CredentialScope("20130524", "garage", "s3"), names));
    TestRequest nowhere =
        TestRequest.get().signed(new CredentialScope("20130524", "", "s3"), names);
    today.accepted(nowhere);

    Authentications strict =
        new Authentications("2013-05-24T00:00:00Z", Optional.of("eu-central-1"));
    S3Exception refusal =
        strict.refused(TestRequest.get().signed(), S3Error.AUTHORIZATION_HEADER_MALFORMED);

    assertThat(refusal.shownMessage())
        .isEqualTo(
            "The authorization header is malformed; the region 'us-east-1' is wrong; expecting"
                + " 'eu-central-1'");
    assertThat(refusal.details()).containsExactly(entry("Region", "eu-central-1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SignedHeaders=host, Signature=1               | missing Credential.
          Credential=K/20130524/r/s3/aws4_request, Signature=1 | missing SignedHeaders.
          Credential=K/20130524/r/s3/aws4_request, SignedHeaders=host | missing Signature.
          Credential=K/20130524/r/s3/aws4_request, SignedHeaders=host, Signature= | missing Signature.
          Credential, SignedHeaders=host, Signature=1   | the authorization component "Credential" is malformed.
          Credential=1, Credential=2, Signature=1       | the authorization component "Credential" is malformed.
          Credential=1, Other=2                         | the authorization component "Other" is malformed.
          Credential=K/20130524/r/s3/aws4_request, SignedHeaders=host;;a, Signature=1 | the authorization component "SignedHeaders" is malformed.
          """)
  void aHeaderOfWhichSomethingIsMissingIsMalformed(String rest, String message) {
    S3Exception refusal =
        today.refused(
            withAuthorization("AWS4-HMAC-SHA256 " + rest), S3Error.AUTHORIZATION_HEADER_MALFORMED);

    assertThat(refusal.shownMessage())
        .isEqualTo("The authorization header is malformed; " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          AWS AKIAIOSFODNN7EXAMPLE:c2lnbmF0dXJl | INVALID_REQUEST  | The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.
          AWS4-ECDSA-P256-SHA256 Credential=1   | INVALID_REQUEST  | The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.
          AWS HAHAHA                            | INVALID_ARGUMENT | AWS authorization header is invalid.  Expected AwsAccessKeyId:signature
          Basic dXNlcjpwYXNz                    | INVALID_ARGUMENT | Unsupported Authorization Type
          garbage                               | INVALID_ARGUMENT | Authorization header is invalid -- one and only one ' ' (space) required.
          """)
  void otherMechanismsAreNotServed(String authorization, S3Error error, String message) {
    S3Exception refusal = today.refused(withAuthorization(authorization), error);

    assertThat(refusal.shownMessage()).isEqualTo(message);
    assertThat(refusal.details().toString()).doesNotContain("dXNlcjpwYXNz");
  }

  @Test
  void anEmptyHeaderIsDenied() {
    today.refused(withAuthorization(""), S3Error.ACCESS_DENIED);
    today.refused(withAuthorization("  "), S3Error.ACCESS_DENIED);
  }

  @Test
  void twoSetsOfCredentialsAreOneTooMany() {
    S3Exception refusal =
        today.refused(
            TestRequest.get().signed().query("X-Amz-Signature=1"), S3Error.INVALID_ARGUMENT);
    assertThat(refusal.shownMessage()).startsWith("Only one auth mechanism allowed");

    today.refused(
        TestRequest.get().signed().header("authorization", "AWS a:b"), S3Error.INVALID_ARGUMENT);
    today.refused(
        TestRequest.get().signed().query("AWSAccessKeyId=a&Signature=b&Expires=1"),
        S3Error.INVALID_ARGUMENT);
  }

  @Test
  void everyAmzHeaderMustBeSigned() {
    TestRequest request =
        TestRequest.get()
            .signed()
            .header("x-amz-tagging", "a=b")
            .header("x-amz-acl", "public-read")
            .header("content-type", "text/plain")
            .header("x-other", "1");

    S3Exception refusal = today.refused(request, S3Error.ACCESS_DENIED);

    assertThat(refusal.shownMessage())
        .isEqualTo("There were headers present in the request which were not signed");
    assertThat(refusal.details())
        .containsExactly(entry("HeadersNotSigned", "x-amz-acl, x-amz-tagging"));
    today.accepted(request.without("x-amz-acl").without("x-amz-tagging"));
  }

  @Test
  void hostMustBeSigned() {
    TestRequest request =
        TestRequest.get().signed(SCOPE, List.of("x-amz-content-sha256", "x-amz-date"));

    S3Exception refusal = today.refused(request, S3Error.ACCESS_DENIED);

    assertThat(refusal.details()).containsExactly(entry("HeadersNotSigned", "host"));
  }

  @Test
  void thePayloadsHashMustBeThere() {
    TestRequest request = TestRequest.get().without("x-amz-content-sha256").signed();

    S3Exception refusal = today.refused(request, S3Error.INVALID_REQUEST);

    assertThat(refusal.shownMessage())
        .isEqualTo("Missing required header for this request: x-amz-content-sha256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "",
        "abc123",
        "STREAMING-SOMETHING",
        "g000000000000000000000000000000000000000000000000000000000000000"
      })
  void aPayloadHashThatIsNoneIsInvalid(String value) {
    S3Exception refusal =
        today.refused(
            TestRequest.get().replace("x-amz-content-sha256", value).signed(),
            S3Error.INVALID_ARGUMENT);

    assertThat(refusal.details()).containsEntry("ArgumentName", "x-amz-content-sha256");
  }

  @Test
  void lengthsAndNumbersAreLimited() {
    today.refused(
        withAuthorization("AWS4-HMAC-SHA256 " + "x".repeat(9000)),
        S3Error.AUTHORIZATION_HEADER_MALFORMED);
    String names = IntStream.range(0, 129).mapToObj(i -> "h" + i).collect(Collectors.joining(";"));
    today.refused(
        withAuthorization(
            "AWS4-HMAC-SHA256 Credential=K/20130524/r/s3/aws4_request, SignedHeaders="
                + names
                + ", Signature=1"),
        S3Error.AUTHORIZATION_HEADER_MALFORMED);
    today.refused(
        withAuthorization(authorization("K".repeat(129) + "/20130524/r/s3/aws4_request")),
        S3Error.AUTHORIZATION_HEADER_MALFORMED);
    assertThat(today.node.asked()).isZero();
  }

  @Test
  void aBrokenEscapeIsAnInvalidUri() {
    TestRequest broken = TestRequest.of("GET", "/bucket/%zz").header("host", "localhost");
    TestRequest signed =
        TestRequest.of("GET", "/bucket/%4")
            .header("host", "localhost")
            .header("x-amz-date", "20130524T000000Z")
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
            .signed();

    today.refused(signed, S3Error.INVALID_URI);
    today.refused(broken.query("a=%"), S3Error.INVALID_URI);
  }

  @Test
  void whatIsShownFitsIntoXml() {
    TestRequest request =
        TestRequest.get().header("x-amz-meta-a", "b\u0001\u00e9").signed().replace("host", "b");

    S3Exception refusal = today.refused(request, S3Error.SIGNATURE_DOES_NOT_MATCH);

    assertThat(refusal.details().get("CanonicalRequest")).contains("x-amz-meta-a:b??\n");
  }
}
