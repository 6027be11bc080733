#!/usr/bin/env bash
# Installs Debian's Chromium, in which the browser tests look at pages, and prints where it is. Safe to run again.
service=chromium port=0
# shellcheck source=scripts/services/service.sh
source "$(dirname "$0")/service.sh"

command -v chromium >/dev/null || install_debian chromium chromium
command -v chromium
