"""Speed as ratios: each line compares two things in one run on one machine, and has a limit. `make bench` prints them."""
