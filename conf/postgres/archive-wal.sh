#!/bin/sh
# archive-wal.sh: PostgreSQL's archive_command: one finished piece of the write-ahead log goes into
# the archive, durable under its whole name or not at all. A name that is there with the same
# content is done already; with another one it is refused: two servers cannot share an archive.
#
#     archive_mode = on
#     archive_command = '/etc/fenqi/archive-wal.sh /backups/wal %p %f'
set -eu

[ $# = 3 ] || { echo "usage: archive-wal.sh ARCHIVE PATH NAME" >&2; exit 2; }
archive=$1 path=$2 name=$3

if [ -e "$archive/$name" ]; then
    cmp -s "$path" "$archive/$name" && exit 0
    echo "archive-wal: $archive/$name is there with another content" >&2
    exit 1
fi
cp "$path" "$archive/$name.partial"
sync "$archive/$name.partial"
mv "$archive/$name.partial" "$archive/$name"
sync "$archive"
