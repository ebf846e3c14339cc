"""Label Studio and Labelkite on the same machine, in turn, doing the same things."""
