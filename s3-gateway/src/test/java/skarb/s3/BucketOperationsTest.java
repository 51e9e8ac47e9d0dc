package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;

class BucketOperationsTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private static final String BOB = " HTTP/1.1\nHost: s3\nAuthorization: Key BOB\n";
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  private Answer create(String name, String location) {
    String body =
        "<CreateBucketConfiguration><LocationConstraint>"
            + location
            + "</LocationConstraint></CreateBucketConfiguration>";
    return s3.ask("PUT /" + name + ANN + "Content-Length: " + body.length() + "\n\n" + body);
  }

  @Test
  void bucketsAreMadeFoundAndDeleted() {
    Answer made = s3.ask("PUT /new" + ANN + "\n");
    assertThat(made.status()).isEqualTo(200);
    assertThat(made.header("location")).contains("/new");

    try (HttpClientSocket socket = s3.connect()) {
      Answer head = socket.send("HEAD /new" + ANN + "\n").answerToHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("x-amz-bucket-region")).contains("us-east-1");
    }
    assertThat(s3.ask("DELETE /new" + ANN + "\n").status()).isEqualTo(204);
    assertThat(s3.ask("DELETE /new" + ANN + "\n").code()).isEqualTo("NoSuchBucket");
  }

  @Test
  void makingOnesOwnBucketAgainSucceedsInTheClassicRegion() {
    assertThat(s3.ask("PUT /box" + ANN + "\n").status()).isEqualTo(200);
    assertThat(create("box", "eu-west-1").code()).isEqualTo("BucketAlreadyOwnedByYou");
    assertThat(s3.ask("PUT /box" + BOB + "\n").code()).isEqualTo("BucketAlreadyExists");
  }

  @Test
  void locationsAreKept() {
    assertThat(create("eu1", "eu-west-1").status()).isEqualTo(200);

    assertThat(s3.ask("GET /eu1?location" + ANN + "\n").body())
        .endsWith(
            "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">eu-west-1"
                + "</LocationConstraint>");
    assertThat(s3.ask("GET /box?location" + ANN + "\n").body()).contains("\"></LocationC");
    assertThat(create("us1", "us-east-1").code()).isEqualTo("InvalidLocationConstraint");
    assertThat(create("us1", "no such").code()).isEqualTo("InvalidLocationConstraint");
    assertThat(create("us1", "").status()).isEqualTo(200);
  }

  @Test
  void configurationsThatAreNotServedAreRefused() {
    String body = "<CreateBucketConfiguration><Bucket/></CreateBucketConfiguration>";

    assertThat(
            s3.ask("PUT /new" + ANN + "Content-Length: " + body.length() + "\n\n" + body).status())
        .isEqualTo(501);
    assertThat(s3.ask("PUT /new" + ANN + "Content-Length: 3\n\n<a>").code())
        .isEqualTo("MalformedXML");
    assertThat(s3.ask("PUT /new" + ANN + "x-amz-bucket-object-lock-enabled: true\n\n").status())
        .isEqualTo(501);
    assertThat(s3.ask("PUT /new" + ANN + "x-amz-acl: public-read\n\n").status()).isEqualTo(501);
  }

  @Test
  void bucketsThatHoldObjectsStay() {
    s3.ask("PUT /box/a" + ANN + "Content-Length: 0\n\n");

    assertThat(s3.ask("DELETE /box" + ANN + "\n").code()).isEqualTo("BucketNotEmpty");
  }

  @Test
  void bucketsAreListedToTheirOwner() {
    s3.node.store().addBucket("bob", "user-BOB");
    s3.node.store().addBucket("box2", "user-ANN");

    String all = s3.ask("GET /" + ANN + "\n").body();
    assertThat(all)
        .contains("<Name>box</Name><CreationDate>2023-11-14T22:13:20.000Z</CreationDate>")
        .contains("<Name>box2</Name>")
        .doesNotContain("bob")
        .contains("<Owner><ID>user-ANN</ID>");
    String page = s3.ask("GET /?max-buckets=1" + ANN + "\n").body();
    assertThat(page)
        .contains("<ContinuationToken>box</ContinuationToken>")
        .contains("<BucketRegion>us-east-1</BucketRegion>");
    assertThat(s3.ask("GET /?max-buckets=0" + ANN + "\n").code()).isEqualTo("InvalidArgument");
  }

  @Test
  void bucketsOfOneRegionAreListed() {
    s3.ask("PUT /here" + ANN + "\n");
    String location =
        "<CreateBucketConfiguration><LocationConstraint>eu-west-3</LocationConstraint>"
            + "</CreateBucketConfiguration>";
    s3.ask("PUT /there" + ANN + "Content-Length: " + location.length() + "\n\n" + location);

    assertThat(s3.ask("GET /?bucket-region=eu-west-3" + ANN + "\n").body())
        .contains("<Name>there</Name>")
        .doesNotContain("<Name>here</Name>");
    assertThat(s3.ask("GET /?bucket-region=us-east-1" + ANN + "\n").body())
        .contains("<Name>here</Name>")
        .doesNotContain("<Name>there</Name>");
  }

  @Test
  void strangersAreDenied() {
    assertThat(s3.ask("GET / HTTP/1.1\nHost: s3\n\n").code()).isEqualTo("AccessDenied");
    assertThat(s3.ask("GET /box?location" + BOB + "\n").code()).isEqualTo("AccessDenied");
  }

  @Test
  void operationsThatAreNotServedAreNamed() {
    Answer answer = s3.ask("PUT /box?tagging" + ANN + "\n");

    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.body()).contains("PutBucketTagging is not implemented.");
  }

  @Test
  void keysThatWereChangedAreVerifiedAnew() {
    s3.believeInGeneration(0);

    assertThat(s3.ask("GET /" + ANN + "\n").status()).isEqualTo(200);
    assertThat(s3.forgotten()).containsExactly("ANN");
  }
}
