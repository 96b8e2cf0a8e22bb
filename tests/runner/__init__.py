"""What ./test does once the packages are there: build, run the suites, add up."""
