#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: make-certificates.sh
# Makes tests/http/certificates anew. What it makes is checked in, so that the tests need no openssl command, and is good
# from 2020 to 2120, so that they need no clock that is right. The keys are here for everybody to read, and nothing but
# tests trusts them.
set -eu

cd "$(dirname "$0")/certificates"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cat > "$scratch/ca.conf" <<END
[ca]
default_ca = all
[all]
database = $scratch/index
serial = $scratch/serial
new_certs_dir = $scratch
default_md = sha256
policy = names
unique_subject = no
[names]
commonName = supplied
END
: > "$scratch/index"
echo 01 > "$scratch/serial"

# request NAME: a key, and what is to be signed.
request ()
{
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=Convoke test $1" \
    -keyout "$scratch/$1.key" -out "$scratch/$1.csr"
}

# sign NAME END EXTENSIONS OPTION...: @END is when it ends to be good.
sign ()
{
  name=$1 last=$2
  printf "$3" > "$scratch/$name.ext"
  shift 3
  openssl ca -batch -notext -config "$scratch/ca.conf" -startdate 20200101000000Z -enddate "$last" \
    -extfile "$scratch/$name.ext" -in "$scratch/$name.csr" -out "$scratch/$name.pem" "$@"
}

# authority NAME: one that signs.
authority ()
{
  request "$1"
  sign "$1" 21200101000000Z 'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n' \
    -selfsign -keyfile "$scratch/$1.key"
}

# server NAME AUTHORITY HOSTS END: its certificate and its key, in one file.
server ()
{
  request "$1"
  sign "$1" "$4" "subjectAltName=$3\nbasicConstraints=CA:false\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n" \
    -cert "$scratch/$2.pem" -keyfile "$scratch/$2.key"
  cat "$scratch/$1.pem" "$scratch/$1.key" > "$1.pem"
}

authority authority
authority stranger
server localhost authority DNS:localhost,IP:127.0.0.1 21200101000000Z
server elsewhere authority DNS:elsewhere.invalid 21200101000000Z
server untrusted stranger DNS:localhost,IP:127.0.0.1 21200101000000Z
server expired authority DNS:localhost,IP:127.0.0.1 20200102000000Z
# All that a client has to trust.
cp "$scratch/authority.pem" .
