"""
The table of a project's tasks: what people filter, sort and count by, in columns.

A million tasks are read by the browser once, in blocks of neighbouring tasks (`writing`, standard library only, runs on
the server), and are then filtered, sorted and counted there (`reading` and `query`, numpy). The texts and pictures
themselves are not in it.
"""
