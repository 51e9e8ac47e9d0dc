/// The one committer: mutations in, effects journaled, forced and applied, answers out.
@NullMarked
package skarb.node.commit;

import org.jspecify.annotations.NullMarked;
