package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// Presigned requests: how long they work, and what is wrong with those that do not.
class SigV4QueryErrorsTest {
  private static final CredentialScope SCOPE = new CredentialScope("20130524", "us-east-1", "s3");

  private final Authentications today = new Authentications("2013-05-24T00:00:00Z");

  private static String query(String expires, String signedHeaders) {
    return "X-Amz-Algorithm=AWS4-HMAC-SHA256"
        + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires="
        + expires
        + "&X-Amz-SignedHeaders="
        + signedHeaders;
  }

  private static TestRequest presigned(String method, String expires) {
    TestRequest request =
        TestRequest.of(method, "/bucket/key?" + query(expires, "host")).header("host", "localhost");
    String signature = request.signature(SCOPE, List.of("host"));
    return request.query(query(expires, "host") + "&X-Amz-Signature=" + signature);
  }

  private static TestRequest plausible() {
    return presigned("GET", "60");
  }

  private static TestRequest changed(String from, String to) {
    String query = query("60", "host") + "&X-Amz-Signature=" + "0".repeat(64);
    assertThat(query).contains(from);
    return plausible().query(query.replace(from, to));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "HEAD", "DELETE"})
  void worksForItsMethodUntilItsTimeIsOver(String method) {
    TestRequest request = presigned(method, "604800");
    today.clock.advance(Duration.ofDays(7));

    today.accepted(request);
    today.clock.advance(Duration.ofSeconds(1));
    S3Exception refusal = today.refused(request, S3Error.ACCESS_DENIED);

    assertThat(refusal.shownMessage()).isEqualTo("Request has expired");
    assertThat(refusal.details())
        .containsExactly(
            entry("X-Amz-Expires", "604800"),
            entry("Expires", "2013-05-31T00:00:00Z"),
            entry("ServerTime", "2013-05-31T00:00:01Z"));
  }

  @Test
  void aHeadOfAnUrlForGetDoesNotMatch() {
    today.refused(plausible().method("HEAD"), S3Error.SIGNATURE_DOES_NOT_MATCH);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          604801              | X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds
          9223372036854775807 | X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds
          -1                  | X-Amz-Expires must be non-negative
          soon                | X-Amz-Expires should be a number
          1.5                 | X-Amz-Expires should be a number
          """)
  void aLifetimeOutOfRangeIsAnError(String expires, String message) {
    S3Exception refusal =
        today.refused(presigned("GET", expires), S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);

    assertThat(refusal.shownMessage()).isEqualTo(message);
  }

  @Test
  void aLifetimeOfNothingIsOverAtOnce() {
    S3Exception refusal = today.refused(presigned("GET", "0"), S3Error.ACCESS_DENIED);

    assertThat(refusal.shownMessage()).isEqualTo("Request has expired");
  }

  @Test
  void aRequestFromTheFutureIsNotValidYet() {
    Authentications past = new Authentications("2013-05-23T23:44:59Z");

    S3Exception refusal = past.refused(plausible(), S3Error.ACCESS_DENIED);

    assertThat(refusal.shownMessage()).isEqualTo("Request is not valid yet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature"
      })
  void everyParameterMustBeThereOnce(String name) {
    S3Exception without =
        today.refused(changed(name, "other"), S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
    assertThat(without.shownMessage()).startsWith("Query-string authentication version 4 requires");

    today.refused(
        changed("X-Amz-Algorithm", name + "=again&X-Amz-Algorithm"),
        S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          AWS4-HMAC-SHA256 | AWS4-HMAC-SHA512 | X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"
          %2Fs3%2F         | %2Fec2%2F        | Error parsing the X-Amz-Credential parameter; incorrect service "ec2". This endpoint belongs to "s3".
          aws4_request     | aws5             | Error parsing the X-Amz-Credential parameter; incorrect terminal "aws5". This endpoint uses "aws4_request".
          %2F20130524%2F   | %2F2013%2F       | Error parsing the X-Amz-Credential parameter; incorrect date format "2013". This date in the credential must be in the format "yyyyMMdd".
          %2F20130524%2F   | %2F20130523%2F   | Invalid credential date "20130523". This date is not the same as X-Amz-Date: "20130524".
          %2Fs3%2F         | %2F              | Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".
          20130524T000000Z | 2013-05-24       | X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"
          """)
  void aParameterThatIsWrongIsAnError(String from, String to, String message) {
    S3Exception refusal =
        today.refused(changed(from, to), S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);

    assertThat(refusal.shownMessage()).isEqualTo(message);
  }

  @Test
  void aRequiredRegionIsNamed() {
    Authentications strict =
        new Authentications("2013-05-24T00:00:00Z", Optional.of("eu-central-1"));

    S3Exception refusal = strict.refused(plausible(), S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);

    assertThat(refusal.details()).containsExactly(entry("Region", "eu-central-1"));
  }

  @Test
  void version2IsNotServed() {
    S3Exception refusal =
        today.refused(
            plausible().query("AWSAccessKeyId=K&Expires=1&Signature=s"), S3Error.INVALID_REQUEST);

    assertThat(refusal.shownMessage()).endsWith("Please use AWS4-HMAC-SHA256.");
  }

  @Test
  void amzHeadersMustBeSignedButForThoseThatChangeNothing() {
    today.accepted(
        plausible()
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
            .header("x-amz-date", "20130524T000000Z")
            .header("x-amz-user-agent", "browser")
            .header("content-type", "text/plain"));

    S3Exception refusal =
        today.refused(plausible().header("x-amz-copy-source", "/a/b"), S3Error.ACCESS_DENIED);

    assertThat(refusal.details()).containsExactly(entry("HeadersNotSigned", "x-amz-copy-source"));
  }

  @Test
  void hostMustBeSigned() {
    S3Exception refusal =
        today.refused(changed("SignedHeaders=host", "SignedHeaders=range"), S3Error.ACCESS_DENIED);

    assertThat(refusal.details()).containsExactly(entry("HeadersNotSigned", "host"));
  }

  @Test
  void anUnsignedHashOfThePayloadStillHolds() {
    TestRequest request = presigned("PUT", "60").header("x-amz-content-sha256", Sha256.OF_NOTHING);

    assertThat(today.accepted(request).payload()).isInstanceOf(PayloadSigning.Hash.class);
  }

  @Test
  void aSignedHashOfThePayloadIsPartOfTheSignature() {
    String query = query("60", "host%3Bx-amz-content-sha256");
    TestRequest request =
        TestRequest.of("PUT", "/bucket/key?" + query)
            .header("host", "localhost")
            .header("x-amz-content-sha256", Sha256.OF_NOTHING);
    String signature = request.signature(SCOPE, List.of("host", "x-amz-content-sha256"));
    request.query(query + "&X-Amz-Signature=" + signature);

    assertThat(today.accepted(request).payload()).isInstanceOf(PayloadSigning.Hash.class);
    today.refused(
        request.replace("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        S3Error.SIGNATURE_DOES_NOT_MATCH);
  }

  @Test
  void aHashInTheQueryIsNotUndoneByAHeader() {
    String query = "X-Amz-Content-Sha256=" + Sha256.OF_NOTHING + "&" + query("60", "host");
    TestRequest signer =
        TestRequest.of("PUT", "/bucket/key?" + sorted(query))
            .header("host", "localhost")
            .header("x-amz-content-sha256", Sha256.OF_NOTHING);
    String signature = signer.signature(SCOPE, List.of("host"));
    TestRequest request =
        TestRequest.of("PUT", "/bucket/key?" + query + "&X-Amz-Signature=" + signature)
            .header("host", "localhost")
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");

    assertThat(today.accepted(request).payload()).isInstanceOf(PayloadSigning.Hash.class);
  }

  private static String sorted(String query) {
    return String.join("&", List.of(query.split("&", -1)).stream().sorted().toList());
  }
}
