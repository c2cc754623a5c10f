"""The journal: every vendor request, written behind and read back."""
