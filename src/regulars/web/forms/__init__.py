"""Forms as the public sees them: no sign-in, no script needed, on our own page or in a frame on somebody's site."""
