package skarb.cli;

import java.util.Optional;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

class AwsSdkHttpTest extends AwsSdkContract {
  @Override
  Optional<TlsFiles> tls() {
    return Optional.empty();
  }

  @Override
  SdkHttpClient httpClient() {
    return Apache5HttpClient.create();
  }
}
