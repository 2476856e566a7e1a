#!/bin/sh
# After the package is unpacked: the user of the scheduled job, and its units known. Nothing is started or enabled.
set -e
if command -v systemd-sysusers >/dev/null 2>&1; then
	systemd-sysusers provision.conf || true
elif ! getent passwd provision >/dev/null 2>&1; then
	useradd --system --user-group --home-dir /var/lib/provision --shell /usr/sbin/nologin provision || true
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
fi
exit 0
