"""The rules, one file for each family; the registry gathers them in the order they speak."""
