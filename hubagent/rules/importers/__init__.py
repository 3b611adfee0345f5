"""Other hubs' automations, as rules of ours: what maps exactly is translated, and the rest is kept as a comment.

They read text and write text: neither the home nor its devices are known here.
"""
