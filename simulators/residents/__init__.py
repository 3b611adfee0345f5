"""Who lives in a home: walks through it, has habits, and sets off what its sensors see."""
