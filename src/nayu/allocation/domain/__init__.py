"""Questions of an allocation, their rules, and the plain way to answer them."""
