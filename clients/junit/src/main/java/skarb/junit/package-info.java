/// Skarb for tests: a JUnit extension that runs a whole server within the test's process. In: a
/// test class that registers [skarb.junit.SkarbExtension]. Out: a [skarb.junit.Skarb], which says
/// where the server is, and buckets of a test's own ([skarb.junit.SkarbBucket]).
///
/// Read [skarb.junit.SkarbExtension] first. `RunningServer` is one server with its folder;
/// `ServerClasses` holds the server's own libraries, which this jar carries, in a class loader
/// whose parent is the platform's, so that they and the application's never meet; `IsolatedServer`
/// is what crosses between the two, in types of the JDK.
///
/// Why a class loader and not renamed packages (shading): the server's jars stay as they are
/// released, with their service files, native names, signatures and reflection, and what a test
/// runs on is what runs in production.
///
/// Threads: the server's own. One lock in [skarb.junit.SkarbExtension] and one in
/// [skarb.junit.SettableClock]; none is held while another is taken.
@NullMarked
package skarb.junit;

import org.jspecify.annotations.NullMarked;
