#!/usr/bin/env bash
# A real browser for the browser tests, from the system's packages where that is permitted.
set -euo pipefail

# The names that tests/stories/browser.py looks for.
for name in ${REGULARS_CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done

without() {
  echo "There is no Chromium here and it could not be installed ($1): the browser tests will be skipped." >&2
  echo "Install it (Debian: apt-get install chromium) and run make test again." >&2
  exit 0
}

command -v apt-get >/dev/null || without "this system has no apt-get"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null || without "that needs root"
  as_root=(sudo -n)
fi
echo "Installing Chromium for the browser tests …"
"${as_root[@]}" apt-get update -qq >/dev/null 2>&1 || without "apt-get update failed"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 \
  || without "apt-get install failed"
