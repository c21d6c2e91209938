"""How fast this machine makes frames, stage by stage, against what its memory, cores and disk could do at best."""
