"""Speed and memory of skyforge, measured as ratios or on a stated machine; never asserted in a test."""
