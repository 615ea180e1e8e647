"""`python -m mock_server` is `mock-server`."""

import os
import sys

from mock_server.cli import main

sys.exit(main(sys.argv[1:], os.environ, sys.stdout))
