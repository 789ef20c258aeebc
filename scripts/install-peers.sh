#!/bin/sh
# Installs the algebra systems that the bench and the differential tests compare with (Debian or Ubuntu; run as root).
set -eu
apt-get update
apt-get install --yes --no-install-recommends python3-sympy maxima
