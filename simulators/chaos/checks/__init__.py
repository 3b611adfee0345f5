"""What must be true of a site, whatever went wrong in it; seen from outside the agent, one module an invariant.

`table` lists them. Faults may slow a hub down, and cost what its documents say they cost; nothing here forgives more.
"""
