/// The thin gRPC edge.
@NullMarked
package skarb.node.service;

import org.jspecify.annotations.NullMarked;
