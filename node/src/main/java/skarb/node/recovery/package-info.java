/// Start-up: from what lies on disk to a state that may serve.
@NullMarked
package skarb.node.recovery;

import org.jspecify.annotations.NullMarked;
