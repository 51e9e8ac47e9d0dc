import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.netty.util.Version;
import java.net.HttpURLConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import skarb.junit.Skarb;
import skarb.junit.SkarbBucket;
import skarb.junit.SkarbExtension;

/** An application whose own gRPC, Netty and protobuf are years older than the server's. */
@ExtendWith(SkarbExtension.class)
public class OldLibrariesTest {
  private static final MethodDescriptor<StringValue, StringValue> ECHO =
      MethodDescriptor.<StringValue, StringValue>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("Old/Echo")
          .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .build();

  private static final MethodDescriptor<StringValue, Empty> GET_BUCKET =
      MethodDescriptor.<StringValue, Empty>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("skarb.v1.Buckets/Get")
          .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
          .build();

  @Test
  void bothWork(Skarb skarb, @SkarbBucket String bucket) throws Exception {
    assertEquals("4.1.72.Final", Version.identify().get("netty-common").artifactVersion());
    assertThrows(
        ClassNotFoundException.class, () -> Class.forName("com.google.protobuf.RuntimeVersion"));
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("Old")
            .addMethod(
                ECHO,
                ServerCalls.asyncUnaryCall(
                    (request, response) -> {
                      response.onNext(request);
                      response.onCompleted();
                    }))
            .build();
    Server server = NettyServerBuilder.forPort(0).addService(service).build().start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    StringValue said =
        ClientCalls.blockingUnaryCall(
            channel, ECHO, CallOptions.DEFAULT, StringValue.of("echo"));
    assertEquals("echo", said.getValue());

    HttpURLConnection request =
        (HttpURLConnection) skarb.s3Endpoint().resolve("/" + bucket + "/key").toURL().openConnection();
    assertEquals(403, request.getResponseCode()); // without a signature

    // The old gRPC speaks with the new one; the messages are Skarb's, by their field numbers.
    ManagedChannel toSkarb =
        NettyChannelBuilder.forAddress(
                skarb.grpcEndpoint().getHost(), skarb.grpcEndpoint().getPort())
            .usePlaintext()
            .build();
    Metadata token = new Metadata();
    token.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + skarb.token());
    Empty found =
        ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                toSkarb, MetadataUtils.newAttachHeadersInterceptor(token)),
            GET_BUCKET,
            CallOptions.DEFAULT,
            StringValue.of(bucket));
    assertTrue(
        found
            .getUnknownFields()
            .getField(1)
            .getLengthDelimitedList()
            .get(0)
            .toStringUtf8()
            .contains(bucket));
    toSkarb.shutdownNow();
    channel.shutdownNow();
    server.shutdownNow();
  }
}
