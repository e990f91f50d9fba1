#!/bin/sh
# recover-to.sh: lays out a PostgreSQL data folder that recovers to a moment when it is started: a
# base backup from before that moment and the archived write-ahead log. The folder must be empty or
# not there; nothing else is changed. Run it as the user that PostgreSQL runs as.
#
#     recover-to.sh /backups/base/20261122T010000Z /backups/wal '2026-11-22 15:04:05+08' DATA
set -eu

[ $# = 4 ] || { echo "usage: recover-to.sh BASE ARCHIVE TIME DATA" >&2; exit 2; }
base=$1 archive=$2 time=$3 data=$4

[ -e "$base/backup_manifest" ] || { echo "recover-to: $base is no base backup" >&2; exit 1; }
[ -d "$archive" ] || { echo "recover-to: $archive is no archive" >&2; exit 1; }
if [ -e "$data" ] && [ -n "$(ls -A "$data")" ]; then
    echo "recover-to: $data is not empty" >&2
    exit 1
fi
mkdir -p "$data"
chmod 700 "$data"
cp -a "$base/." "$data"
cat >>"$data/postgresql.auto.conf" <<END
restore_command = 'cp "$archive/%f" "%p"'
recovery_target_time = '$time'
recovery_target_action = 'promote'
archive_mode = off
END
touch "$data/recovery.signal"
echo "start PostgreSQL on $data; when it answers, it is as it was at $time"
