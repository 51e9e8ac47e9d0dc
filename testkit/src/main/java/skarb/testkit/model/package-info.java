/// What a store should answer, said as simply as can be: [skarb.testkit.model.ReferenceStore].
///
/// Random tests do the same to it and to the store under test, and compare. It is one sorted map a
/// bucket, with the versions of each key, and looks through all of it for each answer, so that it
/// is easier to believe than what it checks. No lock and no thread lives here: a test with many
/// clients guards it.
@NullMarked
package skarb.testkit.model;

import org.jspecify.annotations.NullMarked;
