/// Whole sites in a simulated world: real nodes and the real driver of replication over simulated
/// disks, lines and time, in an order that a seed decides.
///
/// Read [skarb.simulation.World] first: it makes the sites and lets people, faults and time at
/// them. [skarb.simulation.SiteHistory] reads what a site's journal says happened there, by rules
/// of its own, and [skarb.simulation.Oracle] holds every answer and the end against it.
@NullMarked
package skarb.simulation;

import org.jspecify.annotations.NullMarked;
