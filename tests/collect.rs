//! Sources set up, collected and published by the program, against the simulated portals.
