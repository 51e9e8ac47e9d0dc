/// A node in memory, for tests of the gateway: the same gRPC services, nothing of the node's code.
/// First to read: [skarb.s3.fake.FakeNode].
@NullMarked
package skarb.s3.fake;

import org.jspecify.annotations.NullMarked;
