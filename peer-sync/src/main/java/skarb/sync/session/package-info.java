/// One exchange of entries between two nodes, passed on message by message.
@NullMarked
package skarb.sync.session;

import org.jspecify.annotations.NullMarked;
