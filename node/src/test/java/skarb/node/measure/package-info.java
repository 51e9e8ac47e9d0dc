/// Figures of parts of the node, on the disk below `target` and beside the machine's own limits in
/// the same run. Not run by the build; each by its name:
///
/// ```
/// ./mvnw -pl node -am test -Dtest=SmallBodyMeasure -Dsurefire.failIfNoSpecifiedTests=false
/// ```
@NullMarked
package skarb.node.measure;

import org.jspecify.annotations.NullMarked;
