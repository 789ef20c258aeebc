#!/bin/sh
# Installs everything optional that tests, bench and pages use (Debian or Ubuntu, as root); what is there is left alone.
set -eu
packages="python3-torch python3-numpy python3-sympy maxima texlive-latex-extra texlive-luatex latexmk lmodern
poppler-utils black flake8 mypy"
missing=""
for package in $packages; do
  dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
    missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo "everything is there"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "install-peers.sh: run as root to install:$missing" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
# shellcheck disable=SC2086
apt-get install --yes --no-install-recommends $missing
