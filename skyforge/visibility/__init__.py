"""When an observer can see its targets, how bright they are then, and why not otherwise."""
