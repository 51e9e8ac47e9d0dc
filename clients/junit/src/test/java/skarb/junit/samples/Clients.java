package skarb.junit.samples;

import skarb.client.Credentials;
import skarb.client.SkarbClient;
import skarb.junit.Skarb;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Clients of a server, as applications make them.
public final class Clients {
  private Clients() {}

  public static S3Client s3(Skarb skarb) {
    return S3Client.builder()
        .endpointOverride(skarb.s3Endpoint())
        .region(Region.of(skarb.region()))
        .credentialsProvider(credentials(skarb))
        .forcePathStyle(true)
        .httpClient(Apache5HttpClient.create())
        .build();
  }

  public static S3Presigner presigner(Skarb skarb) {
    return S3Presigner.builder()
        .endpointOverride(skarb.s3Endpoint())
        .region(Region.of(skarb.region()))
        .credentialsProvider(credentials(skarb))
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
        .build();
  }

  private static AwsCredentialsProvider credentials(Skarb skarb) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(skarb.accessKey(), skarb.secretKey()));
  }

  /// By a token, which is judged by the server's clock alone.
  public static SkarbClient grpc(Skarb skarb) {
    return SkarbClient.connect(skarb.grpcEndpoint().toString(), Credentials.token(skarb.token()));
  }
}
