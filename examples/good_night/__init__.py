"""An app far away: it switches everything off for the night, through the cloud, and says what did not follow."""
