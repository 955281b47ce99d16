"""`python -m regulars.cli`: the way the product starts its own processes."""

from regulars.cli import main

main()
