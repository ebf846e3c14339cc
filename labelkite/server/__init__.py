"""The local host: the API, the objects and the site on one port, for a machine of one's own."""

from labelkite import locations

locations.use_lambda()  # the host serves the store of the Lambda app, wherever that is installed

from labelkite.server.app import Host  # noqa: E402
from labelkite.server.run import Server  # noqa: E402

__all__ = ["Host", "Server"]
