/// Clients for a load generator that shares a machine with the server it loads: one per worker
/// thread, blocking, with as little work a request as signing and checking allow. In: keys and
/// [skarb.cli.bench.client.Body]s. Out: what was answered, or a
/// [skarb.cli.bench.client.RequestFailedException]. First to read:
/// [skarb.cli.bench.client.StoreClient].
///
/// Nothing here is for several threads at once, but for [skarb.cli.bench.client.Clients] and the
/// channels of gRPC.
@NullMarked
package skarb.cli.bench.client;

import org.jspecify.annotations.NullMarked;
