/// The S3 gateway as its owner sees it. In: a [skarb.s3.GatewayConfig] and a gRPC channel to a
/// node. Out: a listening [skarb.s3.Gateway]. It speaks HTTP on one side and gRPC on the other and
/// holds nothing that may not be lost.
@NullMarked
package skarb.s3;

import org.jspecify.annotations.NullMarked;
