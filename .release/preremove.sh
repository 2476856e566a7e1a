#!/bin/sh
# Before the package goes: what runs by its units is asked to stop, as after SIGTERM: what is in flight lands, and the
# run can be resumed. Sheets, runs and state below /var/lib/provision stay; they are the operator's.
set -e
case "${1:-}" in remove | 0) ;; *) exit 0 ;; esac
if [ -d /run/systemd/system ]; then
	systemctl stop 'provision@*.timer' 'provision@*.service' || true
fi
exit 0
