"""`labelkite deploy`: the same product on a person's own AWS account. Plan first, then act on the same frozen steps."""
