package skarb.s3.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

class RouterTest {
  /// Request line, then operation; `copy` stands for a request with x-amz-copy-source.
  private static final String TABLE =
      """
      GET /                                   ListBuckets
      GET /?max-buckets=5&prefix=a            ListBuckets
      GET /?x-id=ListBuckets                  ListBuckets
      GET /?max-directory-buckets=1           ListDirectoryBuckets
      POST /WriteGetObjectResponse            WriteGetObjectResponse
      HEAD /b                                 HeadBucket
      HEAD /b/                                HeadBucket
      GET /b                                  ListObjects
      GET /b/                                 ListObjects
      GET /b?prefix=a&delimiter=%2F&marker=x  ListObjects
      GET /b?list-type=1                      ListObjects
      GET /b?utm=1                            ListObjects
      GET /b?list-type=2                      ListObjectsV2
      GET /b?list-type=2&prefix=&max-keys=3   ListObjectsV2
      GET /b?versions                         ListObjectVersions
      GET /b?versions=&prefix=a               ListObjectVersions
      GET /b?uploads                          ListMultipartUploads
      GET /b?location                         GetBucketLocation
      GET /b?abac                             GetBucketAbac
      GET /b?accelerate                       GetBucketAccelerateConfiguration
      GET /b?acl                              GetBucketAcl
      GET /b?analytics                        ListBucketAnalyticsConfigurations
      GET /b?analytics&id=1                   GetBucketAnalyticsConfiguration
      GET /b?cors                             GetBucketCors
      GET /b?encryption                       GetBucketEncryption
      GET /b?intelligent-tiering              ListBucketIntelligentTieringConfigurations
      GET /b?intelligent-tiering&id=1         GetBucketIntelligentTieringConfiguration
      GET /b?inventory                        ListBucketInventoryConfigurations
      GET /b?inventory&id=1                   GetBucketInventoryConfiguration
      GET /b?lifecycle                        GetBucketLifecycleConfiguration
      GET /b?logging                          GetBucketLogging
      GET /b?metadataConfiguration            GetBucketMetadataConfiguration
      GET /b?metadataTable                    GetBucketMetadataTableConfiguration
      GET /b?metrics                          ListBucketMetricsConfigurations
      GET /b?metrics&id=1                     GetBucketMetricsConfiguration
      GET /b?notification                     GetBucketNotificationConfiguration
      GET /b?object-lock                      GetObjectLockConfiguration
      GET /b?ownershipControls                GetBucketOwnershipControls
      GET /b?policy                           GetBucketPolicy
      GET /b?policyStatus                     GetBucketPolicyStatus
      GET /b?publicAccessBlock                GetPublicAccessBlock
      GET /b?replication                      GetBucketReplication
      GET /b?requestPayment                   GetBucketRequestPayment
      GET /b?session                          CreateSession
      GET /b?tagging                          GetBucketTagging
      GET /b?versioning                       GetBucketVersioning
      GET /b?website                          GetBucketWebsite
      PUT /b                                  CreateBucket
      PUT /b?abac                             PutBucketAbac
      PUT /b?accelerate                       PutBucketAccelerateConfiguration
      PUT /b?acl                              PutBucketAcl
      PUT /b?analytics&id=1                   PutBucketAnalyticsConfiguration
      PUT /b?cors                             PutBucketCors
      PUT /b?encryption                       PutBucketEncryption
      PUT /b?intelligent-tiering&id=1         PutBucketIntelligentTieringConfiguration
      PUT /b?inventory&id=1                   PutBucketInventoryConfiguration
      PUT /b?lifecycle                        PutBucketLifecycleConfiguration
      PUT /b?logging                          PutBucketLogging
      PUT /b?metadataAnnotationTable          UpdateBucketMetadataAnnotationTableConfiguration
      PUT /b?metadataInventoryTable           UpdateBucketMetadataInventoryTableConfiguration
      PUT /b?metadataJournalTable             UpdateBucketMetadataJournalTableConfiguration
      PUT /b?metrics&id=1                     PutBucketMetricsConfiguration
      PUT /b?notification                     PutBucketNotificationConfiguration
      PUT /b?object-lock                      PutObjectLockConfiguration
      PUT /b?ownershipControls                PutBucketOwnershipControls
      PUT /b?policy                           PutBucketPolicy
      PUT /b?publicAccessBlock                PutPublicAccessBlock
      PUT /b?replication                      PutBucketReplication
      PUT /b?requestPayment                   PutBucketRequestPayment
      PUT /b?tagging                          PutBucketTagging
      PUT /b?versioning                       PutBucketVersioning
      PUT /b?website                          PutBucketWebsite
      POST /b?delete                          DeleteObjects
      POST /b?metadataConfiguration           CreateBucketMetadataConfiguration
      POST /b?metadataTable                   CreateBucketMetadataTableConfiguration
      DELETE /b                               DeleteBucket
      DELETE /b?analytics&id=1                DeleteBucketAnalyticsConfiguration
      DELETE /b?cors                          DeleteBucketCors
      DELETE /b?encryption                    DeleteBucketEncryption
      DELETE /b?intelligent-tiering&id=1      DeleteBucketIntelligentTieringConfiguration
      DELETE /b?inventory&id=1                DeleteBucketInventoryConfiguration
      DELETE /b?lifecycle                     DeleteBucketLifecycle
      DELETE /b?metadataConfiguration         DeleteBucketMetadataConfiguration
      DELETE /b?metadataTable                 DeleteBucketMetadataTableConfiguration
      DELETE /b?metrics&id=1                  DeleteBucketMetricsConfiguration
      DELETE /b?ownershipControls             DeleteBucketOwnershipControls
      DELETE /b?policy                        DeleteBucketPolicy
      DELETE /b?publicAccessBlock             DeletePublicAccessBlock
      DELETE /b?replication                   DeleteBucketReplication
      DELETE /b?tagging                       DeleteBucketTagging
      DELETE /b?website                       DeleteBucketWebsite
      HEAD /b/k                               HeadObject
      HEAD /b/k?versionId=1&partNumber=1      HeadObject
      GET /b/k                                GetObject
      GET /b/k?x-id=GetObject                 GetObject
      GET /b/k?X-Amz-Signature=1&X-Amz-Date=2 GetObject
      GET /b/k?response-content-type=a        GetObject
      GET /b/k?partNumber=1                   GetObject
      GET /b/k?acl                            GetObjectAcl
      GET /b/k?acl&versionId=1                GetObjectAcl
      GET /b/k?annotation                     ListObjectAnnotations
      GET /b/k?annotation&annotationName=a    GetObjectAnnotation
      GET /b/k?attributes                     GetObjectAttributes
      GET /b/k?legal-hold                     GetObjectLegalHold
      GET /b/k?retention                      GetObjectRetention
      GET /b/k?tagging                        GetObjectTagging
      GET /b/k?torrent                        GetObjectTorrent
      GET /b/k?uploadId=1                     ListParts
      PUT /b/k                                PutObject
      PUT /b/k?x-id=PutObject                 PutObject
      copy /b/k                               CopyObject
      PUT /b/k?acl                            PutObjectAcl
      PUT /b/k?annotation&annotationName=a    PutObjectAnnotation
      PUT /b/k?encryption                     UpdateObjectEncryption
      PUT /b/k?legal-hold                     PutObjectLegalHold
      PUT /b/k?renameObject                   RenameObject
      PUT /b/k?retention                      PutObjectRetention
      PUT /b/k?tagging                        PutObjectTagging
      PUT /b/k?partNumber=1&uploadId=2        UploadPart
      copy /b/k?partNumber=1&uploadId=2       UploadPartCopy
      POST /b/k?uploads                       CreateMultipartUpload
      POST /b/k?uploadId=1                    CompleteMultipartUpload
      POST /b/k?restore                       RestoreObject
      POST /b/k?select&select-type=2          SelectObjectContent
      DELETE /b/k                             DeleteObject
      DELETE /b/k?versionId=1                 DeleteObject
      DELETE /b/k?annotation&annotationName=a DeleteObjectAnnotation
      DELETE /b/k?tagging                     DeleteObjectTagging
      DELETE /b/k?uploadId=1                  AbortMultipartUpload
      """;

  /// Their requests are those of their successors.
  private static final Set<S3Operation> UNREACHABLE =
      EnumSet.of(
          S3Operation.GET_BUCKET_LIFECYCLE,
          S3Operation.GET_BUCKET_NOTIFICATION,
          S3Operation.PUT_BUCKET_LIFECYCLE,
          S3Operation.PUT_BUCKET_NOTIFICATION);

  private final Router router = new Router(List.of());

  private S3Request route(String requestLine) {
    String[] words = requestLine.split(" ", 2);
    int question = words[1].indexOf('?');
    boolean copies = words[0].equals("copy");
    return router.route(
        new RequestHead(
            copies ? "PUT" : words[0],
            question < 0 ? words[1] : words[1].substring(0, question),
            question < 0 ? "" : words[1].substring(question + 1),
            copies ? Map.of("x-amz-copy-source", List.of("/b/other")) : Map.of(),
            "127.0.0.1",
            false,
            "1"));
  }

  @Test
  void everyOperationHasItsRequest() {
    Set<S3Operation> reached = EnumSet.noneOf(S3Operation.class);
    for (String line : TABLE.lines().toList()) {
      int space = line.lastIndexOf(' ');
      String request = line.substring(0, space).strip();
      S3Operation operation = route(request).operation();
      assertThat(operation.s3Name()).as(request).isEqualTo(line.substring(space + 1));
      reached.add(operation);
    }
    assertThat(S3Operation.values()).hasSize(116);
    reached.addAll(UNREACHABLE);
    assertThat(reached).isEqualTo(EnumSet.allOf(S3Operation.class));
  }

  @ParameterizedTest
  @CsvSource({
    "PUT /b/k?unknown, NOT_IMPLEMENTED",
    "PUT /b/k?unknown=1, NOT_IMPLEMENTED",
    "PUT /b/k?partNumber=1, NOT_IMPLEMENTED",
    "DELETE /b/k?unknown=1, NOT_IMPLEMENTED",
    "DELETE /b?unknown, NOT_IMPLEMENTED",
    "GET /b/k?unknown, NOT_IMPLEMENTED",
    "GET /b?unknown, NOT_IMPLEMENTED",
    "POST /b, NOT_IMPLEMENTED",
    "POST /b/k?acl, METHOD_NOT_ALLOWED",
    "HEAD /b/k?acl, METHOD_NOT_ALLOWED",
    "DELETE /b/k?acl, METHOD_NOT_ALLOWED",
    "DELETE /b?versioning, METHOD_NOT_ALLOWED",
    "POST /b/k, METHOD_NOT_ALLOWED",
    "PATCH /b/k, METHOD_NOT_ALLOWED",
    "PUT /, METHOD_NOT_ALLOWED",
    "DELETE /, METHOD_NOT_ALLOWED",
    "PUT /b/k?acl&tagging, INVALID_REQUEST",
    "PUT /b/k?uploadId=1&acl, INVALID_REQUEST",
    "POST /b/k?select, INVALID_REQUEST",
    "PUT /b/k?uploadId=1, INVALID_REQUEST",
    "copy /b/k?uploadId=1, INVALID_REQUEST",
    "OPTIONS /b/k, ACCESS_FORBIDDEN",
  })
  void whatIsNotInTheTableNeverFallsThrough(String request, S3Error error) {
    assertThatThrownBy(() -> route(request))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.error()).isEqualTo(error));
  }

  @Test
  void methodsThatAreAllowedAreNamed() {
    assertThatThrownBy(() -> route("POST /b/k?tagging"))
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> assertThat(e.headers()).containsEntry("Allow", "DELETE, GET, PUT"));
  }

  @ParameterizedTest
  @CsvSource({
    "/b/k, k",
    "/b//k, /k",
    "/b/a/../k, a/../k",
    "/b/k/, k/",
    "/b/a%2Fk, a/k",
    "/b/a%252Fk, a%2Fk",
    "/b/a+k, a+k",
    "/b/a%20k, a k",
    "/b/%C3%BC, ü",
    "/b/Ã¼, ü",
  })
  void keysAreDecodedOnceAndNothingElse(String path, String key) {
    S3Request request = route("GET " + path);

    assertThat(request.bucket()).isEqualTo("b");
    assertThat(request.key()).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/b/%", "/b/%4", "/b/%zz", "/b/%ff", "/b/%C3", "/b/\u00ff", "/b/%ED%A0%80", "b/k"})
  void pathsThatAreNotUtf8AreRefused(String path) {
    assertThatThrownBy(() -> route("GET " + path))
        .isInstanceOfSatisfying(
            S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.INVALID_URI));
  }

  @Test
  void queriesAreDecodedWithPlusAsSpace() {
    QueryParams query = route("GET /b?prefix=a+b%2Bc&delimiter&marker=").query();

    assertThat(query.first("prefix")).contains("a b+c");
    assertThat(query.first("delimiter")).contains("");
    assertThat(query.first("marker")).contains("");
    assertThat(query.first("max-keys")).isEmpty();
  }
}
