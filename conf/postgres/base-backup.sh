#!/bin/sh
# base-backup.sh: a copy of the running PostgreSQL cluster from which, with the archived
# write-ahead log, any later moment can be reached. Checked against its manifest before it gets its
# name; prints the name. Further options go to pg_basebackup (--host, --port, --username).
#
#     base-backup.sh /backups/base --host /run/postgresql --username postgres
set -eu

[ $# -ge 1 ] || { echo "usage: base-backup.sh FOLDER [options of pg_basebackup]" >&2; exit 2; }
folder=$1
shift
for bin in /usr/lib/postgresql/*/bin; do
    PATH=$bin:$PATH # the newest one comes to stand first
done

copy=$folder/$(date -u +%Y%m%dT%H%M%SZ)
rm -rf "$folder"/*.partial
pg_basebackup --pgdata "$copy.partial" --wal-method fetch --checkpoint fast --no-password "$@"
pg_verifybackup --quiet "$copy.partial"
find "$copy.partial" -type f -exec sync {} +
mv "$copy.partial" "$copy"
sync "$folder"
echo "$copy"
