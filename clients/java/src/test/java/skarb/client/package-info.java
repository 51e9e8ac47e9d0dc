/// The client against a node in memory, within the process: `FakeNode`. Against a real one:
/// `JavaClientTest` of `cli`.
@NullMarked
package skarb.client;

import org.jspecify.annotations.NullMarked;
